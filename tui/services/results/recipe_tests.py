"""Which recipe is better than which: detectors grouped by recipe, and groups tested pair by pair.

Detectors that differ in their seed alone are one group, tested as one on the rows that all seeds of
both groups judged. numpy and polars are imported inside, because the app imports this module.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

from engine.statistics.estimate import Estimate
from engine.statistics.pooling import compare_groups
from engine.statistics.significance import PairedTest, adjust_holm, code_predictions
from tui.services.results.evaluations import Judged
from tui.services.workspace import Workspace

if TYPE_CHECKING:
    import polars as pl

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
    members: tuple[Judged, ...]

    @property
    def ids(self) -> list[str]:
        return [item.evaluation.detector_id for item in self.members]


def group_seeds(judged: Sequence[Judged]) -> list[list[int]]:
    """Return the places of detectors that differ in their seed alone, in order."""
    groups: dict[str, list[int]] = {}
    for place, item in enumerate(judged):
        own = ("seed", "name", "detector_id")
        rest = {key: value for key, value in item.detector.params.items() if key not in own}
        key = repr((item.detector.recipe, item.detector.base, sorted(rest.items())))
        groups.setdefault(key if rest else item.detector.detector_id, []).append(place)
    return list(groups.values())


def describe_tests(groups: Sequence[Sequence[int]]) -> str:
    """Return what the pairs of these groups are tested by."""
    return f"{TESTS}; {POOLED}" if any(len(places) > 1 for places in groups) else TESTS


def pair_figures(
    workspace: Workspace, judged: Sequence[Judged], groups: Sequence[Sequence[int]]
) -> list[dict[str, Any]]:
    """Test all pairs of groups, of which each names places in `judged`, on rows that all judged.

    `first` and `second` are names: of a detector, or of the recipe where it has several.
    """
    coded = [_coded(workspace, item) for item in judged]
    named = _named([tuple(judged[place] for place in places) for places in groups])
    joined = [_joined([coded[place] for place in places]) for places in groups]
    found: list[tuple[_Group, _Group, PairedTest]] = []
    for one, other in combinations(range(len(groups)), 2):
        test = _compare(joined[one], joined[other])
        if test is not None:
            found.append((named[one], named[other], test))
    accuracy = adjust_holm([test.accuracy_p for _, _, test in found])
    f1_p = [test.f1_p for _, _, test in found if test.f1_p is not None]
    f1 = iter(adjust_holm(f1_p))
    return [
        {
            "first": first.name,
            "second": second.name,
            "first_id": _only(first.ids),
            "second_id": _only(second.ids),
            "first_ids": first.ids,
            "second_ids": second.ids,
            "n": test.n,
            "only_first_right": test.only_first_right,
            "only_second_right": test.only_second_right,
            "accuracy": _difference(first, second, test.accuracy, test.accuracy_p, corrected),
            "f1": None if test.f1 is None or test.f1_p is None
            else _difference(first, second, test.f1, test.f1_p, next(f1)),
        }
        for (first, second, test), corrected in zip(found, accuracy, strict=True)
    ]  # fmt: skip


def _only(ids: Sequence[str]) -> str | None:
    return ids[0] if len(ids) == 1 else None


def _named(groups: Sequence[tuple[Judged, ...]]) -> list[_Group]:
    """Name groups by detector or recipe; those that share a name, by more until none do."""
    names = [_plain_name(members) for members in groups]
    for longer in (_name_with_recipe, _name_with_id):
        shared = Counter(names)
        names = [
            longer(members) if shared[name] > 1 else name
            for name, members in zip(names, groups, strict=True)
        ]
    return [_Group(name, members) for name, members in zip(names, groups, strict=True)]


def _plain_name(members: Sequence[Judged]) -> str:
    first = members[0].evaluation
    return first.recipe if len(members) > 1 else first.detector


def _name_with_recipe(members: Sequence[Judged]) -> str:
    more = f"{len(members)} seeds" if len(members) > 1 else members[0].evaluation.recipe
    return f"{_plain_name(members)} ({more})"


def _name_with_id(members: Sequence[Judged]) -> str:
    return f"{_plain_name(members)} ({members[0].evaluation.detector_id[:_ID_SHOWN]})"


def _coded(workspace: Workspace, judged: Judged) -> "pl.DataFrame":
    import polars as pl

    said = code_predictions(judged.frame["predicted_label"].to_list(), workspace.task.positives)
    return judged.frame.select(
        "sample_id", "label", "is_positive", said=pl.Series(said, dtype=pl.Int64)
    )


def _joined(frames: "Sequence[pl.DataFrame]") -> "pl.DataFrame":
    """Return the rows that all of a group judged; columns said_0, said_1 and so on have codes."""
    first, *others = (
        frame.rename({"said": f"said_{number}"}) for number, frame in enumerate(frames)
    )
    return reduce(
        lambda rows, frame: rows.join(frame.drop("is_positive"), on=["sample_id", "label"]),
        others,
        first,
    )


def _compare(one: "pl.DataFrame", other: "pl.DataFrame") -> PairedTest | None:
    shared = one.join(other, on=["sample_id", "label"], suffix="_other")
    first = [name for name in one.columns if name.startswith("said_")]
    second = [name for name in shared.columns if name.startswith("said_") and name not in first]
    return compare_groups(
        shared["is_positive"].to_numpy(),
        shared.select(first).to_numpy(),
        shared.select(second).to_numpy(),
    )


def _difference(
    first: _Group, second: _Group, gained: Estimate, p: float, corrected: float
) -> dict[str, Any]:
    """First minus second with what it means in words."""
    words, is_clear = "not distinguishable", corrected < SIGNIFICANT
    if is_clear:
        better, sign = (first, 1) if gained.value > 0 else (second, -1)
        low, high = sorted(sign * 100 * end for end in (gained.low, gained.high))
        words = (
            f"{better.name} is better by {abs(100 * gained.value):.1f} points "
            f"(95 % interval {low:.1f} to {high:.1f})"
        )
    return {
        "difference": gained.value,
        "interval": [gained.low, gained.high],
        "p": p,
        "p_holm": corrected,
        "is_clear": is_clear,
        "verdict": words,
    }
