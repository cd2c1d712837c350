import tomllib
from typing import Any

import pytest
from pydantic import ValidationError

from engine.scenarios.problem import Problem
from store.validation import describe_problems
from tests.documents import DOCS
from tests.problems import OFF, ON, PROBLEM_FILE, problem


def test_values_may_be_named_alone_or_with_what_they_mean() -> None:
    industry, tone, _ = problem().dimension
    assert industry.values == {"banking": "", "farming": "", "transport": ""}
    assert tone.values == {"curt": "as few words as possible", "warm": ""}


def test_labels_are_those_of_which_texts_are_asked_for_in_the_order_of_the_file() -> None:
    assert problem().labels == (ON, OFF)
    dimensions = tomllib.loads(PROBLEM_FILE)["dimension"][:2]
    assert problem(counts={OFF: 0, ON: 3}, dimension=dimensions, example=()).labels == (ON,)


def test_the_digest_follows_from_what_is_in_the_file_and_not_from_how_it_is_written() -> None:
    commented = Problem.model_validate(tomllib.loads(f"# a remark\n{PROBLEM_FILE}"))
    assert commented.digest == problem().digest
    assert problem(definition="Something else.").digest != problem().digest


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"counts": {ON: 0}}, "counts asks for no text at all"),
        ({"counts": {ON: -1}}, "counts.on-topic is -1"),
        ({"counts": {ON: 51}}, "counts.on-topic is 51"),
        ({"definition": "  "}, "definition is '  '"),
        ({"in_scope": ["Bikes", "bikes "]}, "in_scope: 'bikes' is there twice"),
        ({"dimensions": []}, "dimensions is not a known key"),
        ({"dimension": []}, "dimension is"),
        ({"dimension": [{"name": "tone", "values": []}]}, "dimension 1, values is"),
        ({"dimension": [{"name": "Seed Word", "values": ["a"]}]}, "'seed word' cannot be the name"),
        (
            {"dimension": [{"name": name, "values": ["a"]} for name in ("tone", "Tone")]},
            "two dimensions have the same name",
        ),
        (
            {"dimension": [{"name": "kind", "label": "rude", "values": ["a"]}]},
            "dimension 'kind' names the label 'rude', of which counts asks for none",
        ),
        (
            {"example": [{"context": "c", "texts": {"rude": ["x"]}}]},
            "example 1 names the label 'rude'",
        ),
        ({"seed_words": {}}, "seed_words: needs either words or a file"),
        ({"seed_words": {"words": ["a"], "file": "w"}}, "seed_words: needs either"),
        (
            {"seed_words": {"words": ["a"], "per_scenario": 2}},
            "seed_words: has fewer words than per_scenario, 2",
        ),
        ({"seed_words": {"words": ["a", "A"], "per_scenario": 1}}, "'A' is there twice"),
    ],
)
def test_what_does_not_fit_together_is_refused_with_its_place(
    changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        problem(**changes)
    assert said in describe_problems(refused.value)


def test_the_problem_in_the_manual_can_be_used() -> None:
    manual = (DOCS / "manual.md").read_text(encoding="utf-8")
    (block,) = [block for block in manual.split("```toml\n")[1:] if "[counts]" in block]
    shown = Problem.model_validate(tomllib.loads(block.split("```")[0]))
    assert shown.labels == (ON, OFF)
