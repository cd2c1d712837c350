from typing import Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from store.validation import describe_problems


class Source(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kind: Literal["real", "synthetic"] = "real"
    share: float = Field(default=1, gt=0)

    @field_validator("share")
    @classmethod
    def _is_not_two(cls, share: float) -> float:
        if share == 2:
            raise ValueError("two is too many")
        return share


class Recipe(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str
    source: tuple[Source, ...] = ()
    first: Source = Source()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "name is missing"),
        ({"name": "a", "colour": 3}, "colour is not a known key"),
        ({"name": 3}, "name is 3: input should be a valid string"),
        ({"name": "a", "first": {"share": -1}}, "first.share is -1: input should be greater than"),
        ({"name": "a", "source": [{}, {"share": 2}]}, "source 2, share: two is too many"),
        ({"name": "a", "first": {"kind": "x"}}, "first.kind is 'x': input should be 'real' or"),
        ({"name": ["x" * 99]}, f"name is ['{'x' * 58}…: input should be a valid string"),
    ],
)
def test_a_problem_is_said_in_plain_words(given: Any, says: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Recipe.model_validate(given)
    said = describe_problems(refused.value)
    assert said.startswith(says)
    assert "http" not in said
    assert "\n" not in said
    assert "type=" not in said


def test_all_problems_are_said() -> None:
    with pytest.raises(ValidationError) as refused:
        Recipe.model_validate({"colour": 1})
    assert describe_problems(refused.value) == "name is missing; colour is not a known key"
