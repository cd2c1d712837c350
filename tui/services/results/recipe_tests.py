"""Which recipe is better than which: detectors grouped by recipe, and groups tested pair by pair.

Detectors that differ in their seed alone are one group, tested as one on the rows that all seeds of
both groups share.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import combinations
from typing import Final

import polars as pl

from engine.statistics.estimate import Estimate
from engine.statistics.pooling import compare_groups
from engine.statistics.significance import PairedTest, adjust_holm, code_predictions
from tui.services.numbers import MEASURES
from tui.services.results.evaluations import EvaluatedRows
from tui.services.results.paired_areas import PairedAreas
from tui.services.results.pairs import ComparedPair, Difference, MeasuredDifference
from tui.services.workspace import Workspace

TESTS: Final = (
    "accuracy: McNemar's exact test; F1: permutation test; p corrected by Holm over all pairs, "
    "for each measure; intervals: percentile bootstrap over rows, not corrected"
)
POOLED: Final = (
    "where several seeds stand for a recipe, the difference is of their means; p and interval: "
    "bootstrap over rows and seeds, rough with few of them, and blind to the seed of what was "
    "trained once"
)
SIGNIFICANT: Final = 0.05
_ID_SHOWN: Final = 8  # characters


@dataclass(frozen=True, slots=True)
class _Group:
    """Detectors that differ in their seed alone, by a name that no other group has."""

    name: str
    members: tuple[EvaluatedRows, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(item.evaluation.detector_id for item in self.members)


def group_seeds(evaluated: Sequence[EvaluatedRows]) -> list[list[int]]:
    """The places of detectors that differ in their seed alone, in order."""
    groups: dict[str, list[int]] = {}
    for place, item in enumerate(evaluated):
        own = ("seed", "name", "detector_id")
        rest = {key: value for key, value in item.detector.params.items() if key not in own}
        key = repr((item.detector.recipe, item.detector.base, sorted(rest.items())))
        groups.setdefault(key if rest else item.detector.detector_id, []).append(place)
    return list(groups.values())


def describe_tests(groups: Sequence[Sequence[int]]) -> str:
    """How the pairs of these groups are tested."""
    return f"{TESTS}; {POOLED}" if any(len(places) > 1 for places in groups) else TESTS


def compare_pairs(
    workspace: Workspace,
    evaluated: Sequence[EvaluatedRows],
    groups: Sequence[Sequence[int]],
    of: int | None = None,
) -> tuple[ComparedPair, ...]:
    """All pairs of groups, each of places in `evaluated`, tested on the rows that all share.

    Only pairs that group `of` is in, if it is given. A pair that shares no row is left out.
    """
    coded = [_coded(workspace, item) for item in evaluated]
    named = _named([tuple(evaluated[place] for place in places) for places in groups])
    joined = [_joined([coded[place] for place in places]) for places in groups]
    areas = PairedAreas(evaluated)
    found: list[tuple[_Group, _Group, PairedTest]] = []
    differences = []
    for one, other in combinations(range(len(groups)), 2):
        test = _compare(joined[one], joined[other]) if of in (None, one, other) else None
        if test is not None:
            found.append((named[one], named[other], test))
            is_single = len(groups[one]) == len(groups[other]) == 1
            of_areas = areas.compare(groups[one][0], groups[other][0]) if is_single else {}
            differences.append(_differences(test, of_areas))
    accuracy_p = adjust_holm([test.accuracy_p for *_, test in found])
    f1_p = iter(adjust_holm([test.f1_p for *_, test in found if test.f1_p is not None]))
    return tuple(
        ComparedPair(
            first=first.name,
            second=second.name,
            first_id=_only(first.ids),
            second_id=_only(second.ids),
            first_ids=first.ids,
            second_ids=second.ids,
            n=test.n,
            only_first_right=test.only_first_right,
            only_second_right=test.only_second_right,
            accuracy=_difference(first, second, test.accuracy, test.accuracy_p, corrected),
            f1=None
            if test.f1 is None or test.f1_p is None
            else _difference(first, second, test.f1, test.f1_p, next(f1_p)),
            differences=gained,
        )
        for (first, second, test), corrected, gained in zip(
            found, accuracy_p, differences, strict=True
        )
    )


def _differences(test: PairedTest, areas: Mapping[str, Estimate]) -> dict[str, Difference]:
    """By measure; none of several detectors."""
    if not test.others:
        return {}
    f1 = {"f1": test.f1} if test.f1 else {}
    found = {"accuracy": test.accuracy, **f1, **test.others, **areas}
    return {name: Difference(found[name]) for name in MEASURES if name in found}


def _only(ids: Sequence[str]) -> str | None:
    return ids[0] if len(ids) == 1 else None


def _named(groups: Sequence[tuple[EvaluatedRows, ...]]) -> list[_Group]:
    """Name groups by detector or recipe; those that share a name, by more until none do."""
    names = [_plain_name(members) for members in groups]
    for longer in (_name_with_recipe, _name_with_id):
        shared = Counter(names)
        names = [
            longer(members) if shared[name] > 1 else name
            for name, members in zip(names, groups, strict=True)
        ]
    return [_Group(name, members) for name, members in zip(names, groups, strict=True)]


def _plain_name(members: Sequence[EvaluatedRows]) -> str:
    first = members[0].evaluation
    return first.recipe if len(members) > 1 else first.detector


def _name_with_recipe(members: Sequence[EvaluatedRows]) -> str:
    more = f"{len(members)} seeds" if len(members) > 1 else members[0].evaluation.recipe
    return f"{_plain_name(members)} ({more})"


def _name_with_id(members: Sequence[EvaluatedRows]) -> str:
    return f"{_plain_name(members)} ({members[0].evaluation.detector_id[:_ID_SHOWN]})"


def _coded(workspace: Workspace, evaluated: EvaluatedRows) -> pl.DataFrame:
    codes = code_predictions(evaluated.frame["predicted_label"].to_list(), workspace.task.positives)
    return evaluated.frame.select(
        "sample_id", "label", "is_positive", code=pl.Series(codes, dtype=pl.Int64)
    )


def _joined(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """The rows that all of a group have; columns code_0, code_1, … are their predictions."""
    first, *others = (
        frame.rename({"code": f"code_{number}"}) for number, frame in enumerate(frames)
    )
    return reduce(
        lambda rows, frame: rows.join(frame.drop("is_positive"), on=["sample_id", "label"]),
        others,
        first,
    )


def _compare(one: pl.DataFrame, other: pl.DataFrame) -> PairedTest | None:
    shared = one.join(other, on=["sample_id", "label"], suffix="_other")
    first = [name for name in one.columns if name.startswith("code_")]
    second = [name for name in shared.columns if name.startswith("code_") and name not in first]
    return compare_groups(
        shared["is_positive"].to_numpy(),
        shared.select(first).to_numpy(),
        shared.select(second).to_numpy(),
    )


def _difference(
    first: _Group, second: _Group, gained: Estimate, p: float, corrected: float
) -> MeasuredDifference:
    """First minus second with its verdict."""
    words, is_clear = "not distinguishable", corrected < SIGNIFICANT
    if is_clear:
        better, sign = (first, 1) if gained.value > 0 else (second, -1)
        low, high = sorted(sign * 100 * end for end in (gained.low, gained.high))
        words = (
            f"{better.name} is better by {abs(100 * gained.value):.1f} points "
            f"(95 % interval {low:.1f} to {high:.1f})"
        )
    return MeasuredDifference(gained, p, corrected, is_clear, words)
