"""What is wrong with a file or a set of parameters, in plain words, as pydantic found it.

Like `store.schema`, this may be imported by the engine too: settings, recipes, templates and the
specs of jobs are refused in the same words.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import ValidationError

SHOWN_CHARACTERS: Final = 60


def describe_problems(error: ValidationError) -> str:
    """All problems in one sentence each, joined by semicolons, without links or type names.

    Places are given as in the file: tables and keys by name, entries of lists counted from 1.
    """
    return "; ".join(_describe(problem) for problem in error.errors(include_url=False))


def _describe(problem: Mapping[str, Any]) -> str:
    place, kind = _place(problem["loc"]), problem["type"]
    if kind == "extra_forbidden":
        return f"{place} is not a known key"
    if kind == "missing":
        return f"{place} is missing"
    said = str(problem["msg"]).removeprefix("Value error, ").removeprefix("Assertion failed, ")
    if kind in {"value_error", "assertion_error"}:
        return f"{place}: {said}" if place else said
    said = said[:1].lower() + said[1:]
    return f"{place} is {_shown(problem['input'])}: {said}" if place else said


def _place(steps: Sequence[str | int]) -> str:
    """The place of a problem: "answers.sampling.temperature", "stage 2, source 1, label"."""
    place = ""
    for step in steps:
        if isinstance(step, int):
            place += f" {step + 1}"
        elif place and place[-1].isdigit():
            place += f", {step}"
        else:
            place += f".{step}" if place else step
    return place


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}…"
