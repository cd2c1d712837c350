"""Detectors side by side on a dataset, in the shape in which `--json` prints and screens show it.

Measures are of positive against negative. numpy is imported inside, because the app imports this
module.
"""

from collections.abc import Sequence
from dataclasses import asdict
from statistics import mean, stdev
from typing import TYPE_CHECKING, Any, Final

from engine.statistics.estimate import Estimate
from engine.statistics.measures import count_binary, count_confusion, measure_binary
from engine.statistics.probabilities import RankingMeasures, draw_rows, measure_ranking
from store.database.connection import Database
from tui.services.results.evaluations import Judged, read_evaluations
from tui.services.results.recipe_tests import describe_tests, group_seeds, pair_figures
from tui.services.workspace import Workspace

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MEASURES: Final = ("accuracy", "precision", "recall", "gap", "f1", "fpr", "roc_auc", "pr_auc")
METHOD: Final = (
    "95 %: Wilson; for F1 Wilson's carried over from TP/(TP+FP+FN); for the gap, ROC-AUC and "
    "PR-AUC a percentile bootstrap over rows, not stratified. Rows without a prediction count as "
    "wrong"
)


def counted_figures(workspace: Workspace, database: Database, dataset: str) -> list[dict[str, Any]]:
    """Return the rows of `comparison_figures` without what takes longest: all of probabilities."""
    unknown = RankingMeasures(0, None, None, None, None, ())
    judged = _labelled(workspace, database, dataset, None)
    return [_comparison_row(workspace, item, unknown) for item in judged]


def comparison_figures(
    workspace: Workspace,
    database: Database,
    dataset: str,
    detector_ids: Sequence[str] | None = None,
) -> dict[str, Any]:
    """Return every detector judged on a dataset, or these, with measures, intervals and tests."""
    judged = _labelled(workspace, database, dataset, detector_ids)
    rows = _comparison_rows(workspace, judged)
    groups = group_seeds(judged)
    return {
        "benchmark": dataset,
        "n": max((row["n"] for row in rows), default=0),
        "positive": sorted(workspace.task.positives),
        "interval": METHOD,
        "rows": rows,
        "recipes": [_recipe_row([rows[place] for place in places]) for places in groups],
        "tests": describe_tests(groups),
        "pairs": pair_figures(workspace, judged, groups),
    }


def single_pair_figures(
    workspace: Workspace, database: Database, dataset: str, detector_ids: Sequence[str]
) -> list[dict[str, Any]]:
    """Return the pair of two detectors, each for itself and p not corrected; none without rows."""
    judged = _labelled(workspace, database, dataset, detector_ids)
    return pair_figures(workspace, judged, [[place] for place in range(len(judged))])


def _labelled(
    workspace: Workspace,
    database: Database,
    dataset: str,
    detector_ids: Sequence[str] | None,
) -> list[Judged]:
    found = read_evaluations(workspace, database, dataset, detector_ids)
    return [item.labelled() for item in found if item.frame["label"].count()]


def _comparison_rows(workspace: Workspace, judged: Sequence[Judged]) -> list[dict[str, Any]]:
    """Return a row a detector; those of equally many rows share what the bootstrap draws."""
    drawn: dict[int, NDArray[np.float32]] = {}
    found = []
    for item in judged:
        is_positive, probabilities = item.scored()
        n = len(is_positive)
        if n not in drawn:
            drawn[n] = draw_rows(n)
        found.append(
            _comparison_row(workspace, item, measure_ranking(is_positive, probabilities, drawn[n]))
        )
    return found


def _comparison_row(
    workspace: Workspace, judged: Judged, ranking: RankingMeasures
) -> dict[str, Any]:
    truth, predicted = judged.frame["label"].to_list(), judged.frame["predicted_label"].to_list()
    measures = measure_binary(count_binary(truth, predicted, workspace.task.positives))
    matrix = count_confusion(truth, predicted, workspace.task.labels)
    counts = measures.counts
    row: dict[str, Any] = {
        "detector": judged.evaluation.detector,
        "detector_id": judged.evaluation.detector_id,
        "recipe": judged.evaluation.recipe,
        "seed": judged.detector.seed,
        "n": counts.n,
    }
    intervals = {}
    for name in MEASURES:
        if name in ("roc_auc", "pr_auc"):
            estimate: Estimate | None = getattr(ranking, name)
        else:
            estimate = getattr(measures, "false_positive_rate" if name == "fpr" else name)
        row[name] = estimate.value if estimate else None
        intervals[name] = [estimate.low, estimate.high] if estimate else None
    return row | {
        "intervals": intervals,
        "brier": ranking.brier,
        "calibration_error": ranking.calibration_error,
        "calibration": [asdict(item) for item in ranking.bins],
        "confusion": {"labels": list(matrix.labels), "rows": [list(line) for line in matrix.rows]},
        "collapsed": {
            "true_positives": counts.true_positives,
            "false_positives": counts.false_positives,
            "true_negatives": counts.true_negatives,
            "false_negatives": counts.false_negatives,
            "failed_positives": counts.failed_positives,
            "failed_negatives": counts.failed_negatives,
        },
        "failed": counts.failed,
        "speed": asdict(judged.speed) if judged.speed else None,
    }


def _recipe_row(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the spread of each measure over seeds: sample standard deviation, min and max."""
    found: dict[str, Any] = {
        "recipe": rows[0]["recipe"],
        "detectors": [row["detector"] for row in rows],
        "seeds": [row["seed"] for row in rows],
    }
    for name in (*MEASURES, "brier", "calibration_error"):
        found[name] = _spread([row[name] for row in rows if row[name] is not None])
    return found


def _spread(values: Sequence[float]) -> dict[str, Any] | None:
    if not values:
        return None
    return {
        "n": len(values),
        "mean": mean(values),
        "sd": stdev(values) if len(values) > 1 else None,
        "min": min(values),
        "max": max(values),
    }
