"""Detectors side by side on a dataset: their scores, the spread over seeds, and tests of pairs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from store.database.connection import Database
from tui.services.results.evaluations import EvaluatedRows, read_evaluations
from tui.services.results.pairs import ComparedPair
from tui.services.results.recipe_tests import compare_pairs, describe_tests, group_seeds
from tui.services.results.scores import (
    DetectorScores,
    Overlaps,
    RecipeSpread,
    best_of,
    score_counts,
    score_detectors,
    spread_over,
)
from tui.services.results.trained_on import find_overlaps
from tui.services.workspace import Workspace

METHOD: Final = (
    "95 %: Wilson; for F1 Wilson's carried over from TP/(TP+FP+FN); for the gap, ROC-AUC, PR-AUC "
    "and Brier a percentile bootstrap over rows, not stratified, for the ECE a basic one. Rows "
    "without a prediction count as wrong"
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The detectors on a dataset; `n` is of the one with most rows.

    `interval` and `tests` say how intervals and pairs were computed. `best` has the detector_id of
    the best by measure, of those that were trained on none of these rows and on no answer to them.
    """

    benchmark: str
    n: int
    positive: tuple[str, ...]
    interval: str
    rows: tuple[DetectorScores, ...]
    best: Mapping[str, str]
    recipes: tuple[RecipeSpread, ...]
    tests: str
    pairs: tuple[ComparedPair, ...]


def compare_detectors(
    workspace: Workspace,
    database: Database,
    dataset: str,
    detector_ids: Sequence[str] | None = None,
) -> Comparison:
    """Every detector evaluated on a dataset, or these, with measures, intervals and tests."""
    evaluated = _labelled(workspace, database, dataset, detector_ids)
    rows = score_detectors(workspace, evaluated, _overlaps(workspace, database, dataset, evaluated))
    groups = group_seeds(evaluated)
    return _comparison(
        workspace,
        dataset,
        rows,
        recipes=tuple(spread_over([rows[place] for place in places]) for places in groups),
        tests=describe_tests(groups),
        pairs=compare_pairs(workspace, evaluated, groups),
    )


def compare_counts(workspace: Workspace, database: Database, dataset: str) -> Comparison:
    """The same without what takes longest: measures of probabilities, spread and tests."""
    evaluated = _labelled(workspace, database, dataset, None)
    rows = score_counts(workspace, evaluated, _overlaps(workspace, database, dataset, evaluated))
    return _comparison(workspace, dataset, rows)


def compare_two(
    workspace: Workspace, database: Database, dataset: str, detector_ids: Sequence[str]
) -> ComparedPair | None:
    """The pair of two detectors, each for itself and p not corrected; None without shared rows."""
    evaluated = _labelled(workspace, database, dataset, detector_ids)
    pairs = compare_pairs(workspace, evaluated, [[place] for place in range(len(evaluated))])
    return pairs[0] if pairs else None


def compare_with(
    workspace: Workspace, database: Database, dataset: str, detector_id: str
) -> tuple[ComparedPair, ...]:
    """The pairs of a detector with each other one, all for themselves, p corrected over these."""
    evaluated = _labelled(workspace, database, dataset, None)
    ids = [item.evaluation.detector_id for item in evaluated]
    if detector_id not in ids:
        return ()
    alone = [[place] for place in range(len(evaluated))]
    return compare_pairs(workspace, evaluated, alone, of=ids.index(detector_id))


def _labelled(
    workspace: Workspace,
    database: Database,
    dataset: str,
    detector_ids: Sequence[str] | None,
) -> list[EvaluatedRows]:
    found = read_evaluations(workspace, database, dataset, detector_ids)
    return [item.labelled() for item in found if item.frame["label"].count()]


def _overlaps(
    workspace: Workspace, database: Database, dataset: str, evaluated: Sequence[EvaluatedRows]
) -> Overlaps:
    return find_overlaps(workspace, database, dataset, [item.detector for item in evaluated])


def _comparison(
    workspace: Workspace,
    dataset: str,
    rows: tuple[DetectorScores, ...],
    *,
    recipes: tuple[RecipeSpread, ...] = (),
    tests: str = "",
    pairs: tuple[ComparedPair, ...] = (),
) -> Comparison:
    n = max((row.n for row in rows), default=0)
    positive = tuple(sorted(workspace.task.positives))
    best = best_of(rows)
    return Comparison(dataset, n, positive, METHOD, rows, best, recipes, tests, pairs)
