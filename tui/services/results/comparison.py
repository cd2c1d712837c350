"""Detectors side by side on a dataset: their scores, the spread over seeds, and tests of pairs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from store.database.connection import Database
from tui.services.results.evaluations import EvaluatedRows, read_evaluations
from tui.services.results.pairs import ComparedPair
from tui.services.results.recipe_spread import RecipeSpread, spread_over
from tui.services.results.recipe_tests import compare_pairs, describe_tests
from tui.services.results.scores import (
    DetectorScores,
    Overlaps,
    best_of,
    score_counts,
    score_detectors,
)
from tui.services.results.seed_groups import find_group, group_seeds
from tui.services.results.trained_on import find_overlaps
from tui.services.workspace import Workspace

METHOD: Final = (
    "95 %: Wilson; for F1 Wilson's carried over from TP/(TP+FP+FN); for the gap, ROC-AUC, PR-AUC "
    "and Brier a percentile bootstrap over rows, not stratified, for the ECE a basic one. Rows "
    "without a prediction count as wrong"
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The detectors on a dataset; `n` is of the one with most rows. Those are texts or pairs.

    `interval` and `tests` say how intervals and pairs were computed. `best` has the detector_id of
    the best by measure, of those that were trained on none of these rows, no near copy of them and
    no answer to them.
    With a `reference`, the pairs are each other one minus that one; without, all there are.
    """

    benchmark: str
    kind: Literal["text", "pair"]
    n: int
    positive: tuple[str, ...]
    interval: str
    rows: tuple[DetectorScores, ...]
    best: Mapping[str, str]
    recipes: tuple[RecipeSpread, ...]
    reference: str | None
    tests: str
    pairs: tuple[ComparedPair, ...]


@dataclass(frozen=True, slots=True)
class PlannedPairs:
    """Each other one minus a reference: detectors for themselves, and recipes over their seeds.

    p is corrected over each of the two. There are no `recipes` where none has several seeds.
    """

    alone: tuple[ComparedPair, ...]
    recipes: tuple[ComparedPair, ...]


def compare_detectors(
    workspace: Workspace,
    database: Database,
    dataset: str,
    detector_ids: Sequence[str] | None = None,
    *,
    reference: str | None = None,
) -> Comparison:
    """Every detector evaluated on a dataset, or these, with measures, intervals and tests.

    A `reference` is the name of a recipe, or the name or id of a detector: only the differences to
    it are tested. Raises UnknownName if it is none of those that are compared.
    """
    evaluated = _labelled(workspace, database, dataset, detector_ids)
    groups = group_seeds(evaluated)
    of, name = None, None
    if reference is not None:
        members = [[evaluated[place] for place in places] for places in groups]
        of, name = find_group(members, reference)
    pairs = compare_pairs(workspace, evaluated, groups, of)
    return replace(
        _score(workspace, database, dataset, evaluated, groups),
        reference=name,
        tests=describe_tests(pairs, name),
        pairs=pairs,
    )


def compare_scores(workspace: Workspace, database: Database, dataset: str) -> Comparison:
    """Every detector evaluated on a dataset with measures, intervals and spread, without tests."""
    evaluated = _labelled(workspace, database, dataset, None)
    return _score(workspace, database, dataset, evaluated, group_seeds(evaluated))


def compare_counts(workspace: Workspace, database: Database, dataset: str) -> Comparison:
    """The same without what takes longer: near copies, probabilities, and the spread."""
    evaluated = _labelled(workspace, database, dataset, None)
    overlaps = _overlaps(workspace, database, dataset, evaluated, may_search=False)
    rows = score_counts(workspace, evaluated, overlaps)
    return _comparison(workspace, dataset, rows)


def compare_with(
    workspace: Workspace, database: Database, dataset: str, detector_id: str
) -> PlannedPairs:
    """Each other detector minus this one, and each other recipe minus that of this one."""
    evaluated = _labelled(workspace, database, dataset, None)
    ids = [item.evaluation.detector_id for item in evaluated]
    if detector_id not in ids:
        return PlannedPairs((), ())
    own, groups = ids.index(detector_id), group_seeds(evaluated)
    alone = [[place] for place in range(len(evaluated))]
    of = next(number for number, places in enumerate(groups) if own in places)
    return PlannedPairs(
        compare_pairs(workspace, evaluated, alone, own),
        compare_pairs(workspace, evaluated, groups, of) if len(groups) < len(alone) else (),
    )


def _labelled(
    workspace: Workspace,
    database: Database,
    dataset: str,
    detector_ids: Sequence[str] | None,
) -> list[EvaluatedRows]:
    found = read_evaluations(workspace, database, dataset, detector_ids)
    return [item.labelled() for item in found if item.frame["label"].count()]


def _overlaps(
    workspace: Workspace,
    database: Database,
    dataset: str,
    evaluated: Sequence[EvaluatedRows],
    *,
    may_search: bool,
) -> Overlaps:
    detectors = [item.detector for item in evaluated]
    return find_overlaps(workspace, database, dataset, detectors, may_search=may_search)


def _score(
    workspace: Workspace,
    database: Database,
    dataset: str,
    evaluated: Sequence[EvaluatedRows],
    groups: Sequence[Sequence[int]],
) -> Comparison:
    overlaps = _overlaps(workspace, database, dataset, evaluated, may_search=True)
    rows = score_detectors(workspace, evaluated, overlaps)
    recipes = tuple(spread_over([rows[place] for place in places]) for places in groups)
    return _comparison(workspace, dataset, rows, recipes)


def _comparison(
    workspace: Workspace,
    dataset: str,
    rows: tuple[DetectorScores, ...],
    recipes: tuple[RecipeSpread, ...] = (),
) -> Comparison:
    """A comparison in which nothing was tested."""
    n = max((row.n for row in rows), default=0)
    positive = tuple(sorted(workspace.task.positives))
    kind, best = workspace.task.kind, best_of(rows)
    return Comparison(dataset, kind, n, positive, METHOD, rows, best, recipes, None, "", ())
