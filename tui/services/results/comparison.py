"""Detectors side by side on a dataset: their scores, the spread over seeds, and tests of pairs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from store.database.connection import Database
from tui.services.results.evaluations import EvaluatedRows, read_evaluations
from tui.services.results.recipe_tests import (
    ComparedPair,
    compare_pairs,
    describe_tests,
    group_seeds,
)
from tui.services.results.scores import (
    DetectorScores,
    RecipeSpread,
    score_counts,
    score_detectors,
    spread_over,
)
from tui.services.workspace import Workspace

METHOD: Final = (
    "95 %: Wilson; for F1 Wilson's carried over from TP/(TP+FP+FN); for the gap, ROC-AUC and "
    "PR-AUC a percentile bootstrap over rows, not stratified. Rows without a prediction count as "
    "wrong"
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The detectors on a dataset; `n` is of the one with most rows.

    `interval` and `tests` say how intervals and pairs were computed.
    """

    benchmark: str
    n: int
    positive: tuple[str, ...]
    interval: str
    rows: tuple[DetectorScores, ...]
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
    rows = score_detectors(workspace, evaluated)
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
    rows = tuple(score_counts(workspace, item) for item in evaluated)
    return _comparison(workspace, dataset, rows)


def compare_two(
    workspace: Workspace, database: Database, dataset: str, detector_ids: Sequence[str]
) -> ComparedPair | None:
    """The pair of two detectors, each for itself and p not corrected; None without shared rows."""
    evaluated = _labelled(workspace, database, dataset, detector_ids)
    pairs = compare_pairs(workspace, evaluated, [[place] for place in range(len(evaluated))])
    return pairs[0] if pairs else None


def _labelled(
    workspace: Workspace,
    database: Database,
    dataset: str,
    detector_ids: Sequence[str] | None,
) -> list[EvaluatedRows]:
    found = read_evaluations(workspace, database, dataset, detector_ids)
    return [item.labelled() for item in found if item.frame["label"].count()]


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
    return Comparison(dataset, n, positive, METHOD, rows, recipes, tests, pairs)
