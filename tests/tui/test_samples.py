"""The sample data: what its datasheet promises, as far as that can be counted."""

import json
from collections import Counter
from pathlib import Path
from typing import Final

import polars as pl

from store.leaks.search import find_leaks
from tui.services.settings import samples

FOLDER: Final = Path(str(samples()))
SEEDS: Final = ("abstracts", "laypeople", "suggestions")
BENCHMARKS: Final = ("answers", "benchmark")
LABELS: Final = {"health-advice", "health-content", "general-content"}


def read(benchmark: str) -> list[dict[str, str]]:
    lines = (FOLDER / f"{benchmark}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_every_answer_of_the_benchmark_is_there_once_with_a_label() -> None:
    rows = read("answers")
    assert len(rows) >= 200
    assert len({row["text"] for row in rows}) == len({row["id"] for row in rows}) == len(rows)
    assert len({row["question"] for row in rows}) == len(rows)
    assert {row["label"] for row in rows} == LABELS
    assert all(row["text"].strip() for row in rows)


def test_neither_questions_nor_answers_are_near_copies_of_a_seed() -> None:
    seeds = [text for name in SEEDS for text in pl.read_csv(FOLDER / f"{name}.csv")["text"]]
    rows = read("answers")
    assert not find_leaks([row["text"] for row in rows], seeds)
    assert not find_leaks([row["question"] for row in rows], seeds)


def test_the_benchmarks_share_no_text() -> None:
    first, second = ([row["text"] for row in read(name)] for name in BENCHMARKS)
    assert not find_leaks(first, second)


def test_the_datasheet_counts_labels_as_they_are() -> None:
    sheet = (FOLDER / "DATASHEET.md").read_text(encoding="utf-8")
    for name in BENCHMARKS:
        counts = Counter(row["label"] for row in read(name))
        cells = " | ".join(str(counts[label]) for label in
                           ("health-advice", "health-content", "general-content"))  # fmt: skip
        assert f"| `{name}.jsonl` | {cells} |" in sheet


def test_questions_of_the_stream_are_new_and_differ() -> None:
    questions = (FOLDER / "questions.txt").read_text(encoding="utf-8").splitlines()
    assert len(questions) == len(set(questions)) == 220
    assert all(question.strip() == question and question for question in questions)
    assert not find_leaks(questions, [row["question"] for row in read("answers")])
