"""The off-topic benchmark and what goes with it: what the datasheet promises, as far as counted."""

import json
import tomllib
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any, Final

import pytest

from store.leaks.search import find_leaks
from tui.services.settings import presets, samples

SAMPLES: Final = Path(str(samples()))
PROBLEMS: Final = Path(str(presets() / "problems"))
ROWS: Final[list[dict[str, str]]] = [
    json.loads(line)
    for line in (SAMPLES / "off-topic.jsonl").read_text(encoding="utf-8").splitlines()
]
KINDS: Final = {
    "off-topic": {"unrelated", "adjacent", "jailbreak", "harmful"},
    "on-topic": {"plain", "follow-up", "seems off-topic"},
}
OF_A_CONTEXT: Final = ("context", "industry", "application", "language")


def read_problem(name: str) -> dict[str, Any]:
    return tomllib.loads((PROBLEMS / f"{name}.toml").read_text(encoding="utf-8"))


def words(text: str) -> int:
    return len(text.split())


def test_every_context_has_eight_prompts_of_both_labels() -> None:
    labels: dict[str, list[str]] = defaultdict(list)
    for row in ROWS:
        labels[row["group"]].append(row["label"])
    assert len(labels) >= 44
    assert all(len(own) == 8 and set(own) == set(KINDS) for own in labels.values())


def test_about_half_of_the_prompts_are_off_topic_but_not_half_of_each_context() -> None:
    off = Counter(row["group"] for row in ROWS if row["label"] == "off-topic")
    assert 0.45 <= off.total() / len(ROWS) <= 0.55
    assert len(set(off.values())) >= 4


def test_no_row_is_there_twice_and_none_is_empty() -> None:
    assert len({row["id"] for row in ROWS}) == len({row["text"] for row in ROWS}) == len(ROWS)
    assert all(value.strip() == value and value for row in ROWS for value in row.values())


def test_a_context_has_one_group_one_text_and_one_kind_of_application() -> None:
    groups = {row["group"] for row in ROWS}
    assert len({row["context"] for row in ROWS}) == len(groups)
    assert len({(row["group"], *(row[key] for key in OF_A_CONTEXT)) for row in ROWS}) == len(groups)


def test_kinds_are_those_of_the_label() -> None:
    for label, kinds in KINDS.items():
        assert {row["kind"] for row in ROWS if row["label"] == label} == kinds


def test_contexts_and_prompts_are_of_very_different_lengths() -> None:
    contexts = sorted(words(text) for text in {row["context"] for row in ROWS})
    assert contexts[0] < 10
    assert contexts[-1] > 300
    for label in KINDS:
        prompts = sorted(words(row["text"]) for row in ROWS if row["label"] == label)
        assert prompts[len(prompts) // 4] < 10
        assert prompts[-1] > 100


def test_length_alone_does_not_give_the_label_away() -> None:
    off, on = (
        [words(row["text"]) for row in ROWS if row["label"] == label]
        for label in ("off-topic", "on-topic")
    )
    above = sum((first > second) + (first == second) / 2 for first in off for second in on)
    assert 0.4 <= above / (len(off) * len(on)) <= 0.6


@pytest.mark.parametrize("problem", ["off-topic", "prompt-leak"])
def test_examples_of_problems_are_not_near_a_row_of_the_benchmark(problem: str) -> None:
    examples = read_problem(problem)["example"]
    texts = [text for one in examples for own in one["texts"].values() for text in own]
    assert not find_leaks([one["context"] for one in examples], [row["context"] for row in ROWS])
    assert not find_leaks(texts, [row["text"] for row in ROWS])


def test_seed_words_are_several_hundred_different_words() -> None:
    lines = (PROBLEMS / "words.txt").read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(set(lines)) >= 600
    assert lines == sorted(lines)
    assert all(line.isalpha() and line.islower() for line in lines)


def test_the_datasheet_counts_labels_and_kinds_as_they_are() -> None:
    sheet = (SAMPLES / "OFF-TOPIC.md").read_text(encoding="utf-8")
    for label, kinds in KINDS.items():
        for kind in kinds:
            count = sum((row["label"], row["kind"]) == (label, kind) for row in ROWS)
            assert f"| `{label}` | {kind} | {count} |" in sheet
