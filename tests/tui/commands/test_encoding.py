"""How results become JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import inf, nan
from pathlib import Path

from engine.statistics.estimate import Estimate
from tui.commands.encoding import encode
from tui.services.results.inlined import INLINED


@dataclass(frozen=True, slots=True)
class Inner:
    """A result inside of another."""

    share: Estimate | None
    n: int


@dataclass(frozen=True, slots=True)
class Outer:
    """A result with all that results hold."""

    name: str
    from_: str
    accuracy: Estimate
    parts: tuple[Inner, ...]
    by_label: Mapping[str, Inner]
    note: str | None = None


def test_an_estimate_is_its_value_and_its_interval_stands_with_the_others() -> None:
    found = encode(Inner(Estimate(0.5, (0.25, 0.75), 4), 4))
    assert found == {"share": 0.5, "n": 4, "intervals": {"share": [0.25, 0.75]}}


def test_an_undefined_estimate_keeps_its_keys() -> None:
    assert encode(Inner(None, 0)) == {"share": None, "n": 0, "intervals": {"share": None}}


def test_an_estimate_of_too_few_rows_has_a_value_alone() -> None:
    assert encode(Inner(Estimate(1.0, None, 1), 1))["intervals"] == {"share": None}


def test_an_object_without_estimates_has_no_intervals() -> None:
    @dataclass(frozen=True, slots=True)
    class Plain:
        n: int

    assert encode(Plain(3)) == {"n": 3}


def test_results_hold_results() -> None:
    inner = Inner(Estimate(0.5, (0.25, 0.75), 4), 4)
    found = encode(Outer("one", "two", Estimate(1.0, (0.5, 1.0), 4), (inner,), {"a": inner}))
    assert list(found) == ["name", "from", "accuracy", "parts", "by_label", "note", "intervals"]
    assert found["parts"] == [found["by_label"]["a"]] == [encode(inner)]


def test_the_fields_of_an_inlined_part_are_those_of_the_whole() -> None:
    @dataclass(frozen=True, slots=True)
    class Whole:
        recall: Estimate
        inner: Inner = field(metadata=INLINED)

    half = Estimate(0.5, (0.25, 0.75), 4)
    assert encode(Whole(half, Inner(None, 4))) == {
        "recall": 0.5,
        "share": None,
        "n": 4,
        "intervals": {"share": None, "recall": [0.25, 0.75]},
    }


def test_what_json_lacks_is_null_or_text() -> None:
    moment = datetime(2026, 3, 1, tzinfo=UTC)
    assert encode([nan, inf, Path("a/b"), moment]) == [None, None, "a/b", str(moment)]
