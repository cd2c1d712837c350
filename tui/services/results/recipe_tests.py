"""Which recipe is better than which: groups of detectors tested pair by pair, or with one of them.

A group is tested as one, on the rows that all seeds of both groups share.
"""

from collections.abc import Mapping, Sequence
from functools import reduce
from itertools import combinations
from typing import Final

import polars as pl

from engine.statistics.estimate import Estimate
from engine.statistics.pooling import compare_groups
from engine.statistics.power import CHANCE, smallest_difference, smallest_normal_difference
from engine.statistics.significance import PairedTest, adjust_holm, code_predictions
from store.counting import counted
from tui.services.numbers import MEASURES
from tui.services.results.evaluations import EvaluatedRows
from tui.services.results.paired_areas import PairedAreas
from tui.services.results.pairs import ComparedPair, Difference, MeasuredDifference, Power
from tui.services.results.seed_groups import Group, name_groups
from tui.services.workspace import Workspace

TESTS: Final = (
    "accuracy: McNemar's exact test; F1: permutation test; p corrected by Holm over {family}, "
    "for each measure; intervals: percentile bootstrap over rows, not corrected"
)
POOLED: Final = (
    "where several seeds stand for a recipe, the difference is of their means; p and interval: "
    "bootstrap over rows and seeds, rough with few of them, and blind to the seed of what was "
    "trained once"
)
SIGNIFICANT: Final = 0.05
Z: Final = 1.959964  # of a two-sided level of 95 %, which intervals have


def describe_tests(pairs: Sequence[ComparedPair], reference: str | None = None) -> str:
    """How these pairs were tested: all there are, or those with a reference."""
    family = f"all {counted(len(pairs), 'pair')}"
    if reference is not None:
        family = f"{counted(len(pairs), 'comparison')} with {reference}"
    tests = TESTS.format(family=family)
    return f"{tests}; {POOLED}" if any(pair.seeds > 1 for pair in pairs) else tests


def compare_pairs(
    workspace: Workspace,
    evaluated: Sequence[EvaluatedRows],
    groups: Sequence[Sequence[int]],
    of: int | None = None,
) -> tuple[ComparedPair, ...]:
    """All pairs of groups, each of places in `evaluated`, tested on the rows that all share.

    With a group `of`, only each other one minus that one. A pair that shares no row is left out.
    """
    coded = [_coded(workspace, item) for item in evaluated]
    named = name_groups([[evaluated[place] for place in places] for places in groups])
    joined = [_joined([coded[place] for place in places]) for places in groups]
    areas = PairedAreas(evaluated)
    found: list[tuple[Group, Group, PairedTest]] = []
    differences = []
    places = range(len(groups))
    planned = combinations(places, 2) if of is None else ((one, of) for one in places if one != of)
    for one, other in planned:
        test = _compare(joined[one], joined[other])
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
            power=_power(test, len(found)),
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


def _power(test: PairedTest, tests: int) -> Power:
    """That of the test of accuracy, as one of so many."""
    level = SIGNIFICANT / tests
    if test.only_first_right is None or test.only_second_right is None:
        error = (test.accuracy.high - test.accuracy.low) / (2 * Z)
        found = smallest_normal_difference(error, level) or None
        return Power(test.n, None, level, CHANCE, found)
    discordance = (test.only_first_right + test.only_second_right) / test.n
    found = smallest_difference(test.n, discordance, level)
    return Power(test.n, discordance, level, CHANCE, found)


def _only(ids: Sequence[str]) -> str | None:
    return ids[0] if len(ids) == 1 else None


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
    first: Group, second: Group, gained: Estimate, p: float, corrected: float
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
