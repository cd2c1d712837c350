"""Detectors side by side on a dataset, in the shape in which `--json` prints and screens show it.

Measures are of positive against negative; which detector is better is tested pair by pair on the
rows that both judged. numpy and polars are imported inside, because the app imports this module.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from itertools import combinations
from statistics import mean, stdev
from typing import TYPE_CHECKING, Any, Final

from engine.measures import Estimate, count_binary, count_confusion, measure_binary
from engine.ranking import RankingMeasures, draw_rows, measure_ranking
from engine.significance import PairedTest, adjust_holm, code_predictions, compare_rows
from store.database import Database
from store.detectors import DetectorRow, list_contestants
from store.evaluations import Evaluation, list_evaluations, read_judged
from store.speeds import TimedDetector, newest_speeds
from tui.workspace import Workspace

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

MEASURES: Final = ("accuracy", "precision", "recall", "gap", "f1", "fpr", "roc_auc", "pr_auc")
METHOD: Final = (
    "95 %: Wilson; for F1 Wilson's carried over from TP/(TP+FP+FN); for the gap, ROC-AUC and "
    "PR-AUC a percentile bootstrap over rows, not stratified. Rows without a prediction count as "
    "wrong"
)
TESTS: Final = (
    "accuracy: McNemar's exact test; F1: permutation test; p corrected by Holm over all pairs, "
    "for each measure; intervals: percentile bootstrap over rows, not corrected"
)
SIGNIFICANT: Final = 0.05


@dataclass(frozen=True, slots=True)
class Judged:
    """An evaluation with its rows: sample_id, label, is_positive, predicted_label, probability.

    `probability` is that of being positive, null where the row has none; label and is_positive
    are null for unlabelled rows of production. Language models are not timed.
    """

    evaluation: Evaluation
    detector: DetectorRow
    frame: "pl.DataFrame"
    speed: TimedDetector | None

    def labelled(self) -> "Judged":
        """Return the evaluation with only those rows that have a label."""
        return replace(self, frame=self.frame.drop_nulls("label"))

    def scored(self) -> "tuple[NDArray[np.bool_], NDArray[np.float64]]":
        """Return whether rows are positive, and their probability, of all rows that have one."""
        rows = self.frame.drop_nulls(["label", "probability"])
        return rows["is_positive"].to_numpy(), rows["probability"].to_numpy()


def read_evaluations(
    workspace: Workspace,
    database: Database,
    dataset: str,
    detector_ids: Sequence[str] | None = None,
) -> list[Judged]:
    """Return the newest evaluation of each detector, or of these, the oldest detector first."""
    detectors = {item.detector_id: item for item in list_contestants(database)}
    speeds = newest_speeds(database, dataset)
    return [
        Judged(
            item,
            detectors[item.detector_id],
            _read_frame(workspace, database, item, detectors),
            speeds.get(item.detector_id),
        )
        for item in list_evaluations(database, dataset)
        if detector_ids is None or item.detector_id in detector_ids
    ]


def _read_frame(
    workspace: Workspace,
    database: Database,
    evaluation: Evaluation,
    detectors: dict[str, DetectorRow],
) -> "pl.DataFrame":
    import polars as pl

    positives = workspace.task.positives
    labels = detectors[evaluation.detector_id].labels
    places = [place for place, label in enumerate(labels) if label in positives]
    probability = pl.sum_horizontal(
        *(
            pl.col("probabilities").list.get(place, null_on_oob=True).cast(pl.Float64)
            for place in places
        ),
        ignore_nulls=False,
    )
    return (
        read_judged(database, evaluation.evaluation_id)
        .with_columns(
            is_positive=pl.col("label").is_in(sorted(positives)),
            probability=probability.clip(0, 1),
        )
        .drop("probabilities")
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
    groups = _group(judged)
    return {
        "benchmark": dataset,
        "n": max((row["n"] for row in rows), default=0),
        "positive": sorted(workspace.task.positives),
        "interval": METHOD,
        "rows": rows,
        "recipes": [_recipe_row([rows[place] for place in places]) for places in groups],
        "tests": TESTS,
        "pairs": _pair_rows(workspace, judged, groups),
    }


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


def _group(judged: Sequence[Judged]) -> list[list[int]]:
    """Return the places of detectors that differ in their seed alone, in order."""
    groups: dict[str, list[int]] = {}
    for place, item in enumerate(judged):
        own = ("seed", "name", "detector_id")
        rest = {key: value for key, value in item.detector.params.items() if key not in own}
        key = repr((item.detector.recipe, item.detector.base, sorted(rest.items())))
        groups.setdefault(key if rest else item.detector.detector_id, []).append(place)
    return list(groups.values())


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


def _pair_rows(
    workspace: Workspace, judged: Sequence[Judged], groups: Sequence[Sequence[int]]
) -> list[dict[str, Any]]:
    """Test all pairs of detectors that differ in more than their seed."""
    alike = {pair for group in groups for pair in combinations(group, 2)}
    coded = [_coded(workspace, item) for item in judged]
    found: list[tuple[Judged, Judged, PairedTest]] = []
    for one, other in combinations(range(len(judged)), 2):
        if (one, other) in alike:
            continue
        shared = coded[one].join(coded[other], on=["sample_id", "label"], suffix="_other")
        truth, first, second = (
            shared[name].to_numpy() for name in ("is_positive", "said", "said_other")
        )
        test = compare_rows(truth, first, second)
        if test is not None:
            found.append((judged[one], judged[other], test))
    accuracy = adjust_holm([test.accuracy_p for _, _, test in found])
    f1_p = [test.f1_p for _, _, test in found if test.f1_p is not None]
    f1 = iter(adjust_holm(f1_p))
    return [
        {
            "first": first.evaluation.detector,
            "second": second.evaluation.detector,
            "first_id": first.evaluation.detector_id,
            "second_id": second.evaluation.detector_id,
            "n": test.n,
            "only_first_right": test.only_first_right,
            "only_second_right": test.only_second_right,
            "accuracy": _difference(first, second, test.accuracy, test.accuracy_p, corrected),
            "f1": None if test.f1 is None or test.f1_p is None
            else _difference(first, second, test.f1, test.f1_p, next(f1)),
        }
        for (first, second, test), corrected in zip(found, accuracy, strict=True)
    ]  # fmt: skip


def _coded(workspace: Workspace, judged: Judged) -> "pl.DataFrame":
    import polars as pl

    said = code_predictions(judged.frame["predicted_label"].to_list(), workspace.task.positives)
    return judged.frame.select(
        "sample_id", "label", "is_positive", said=pl.Series(said, dtype=pl.Int64)
    )


def _difference(
    first: Judged, second: Judged, gained: Estimate, p: float, corrected: float
) -> dict[str, Any]:
    """Return first minus second with what it means in words."""
    words = "not distinguishable"
    if corrected < SIGNIFICANT:
        better, sign = (first, 1) if gained.value > 0 else (second, -1)
        low, high = sorted(sign * 100 * end for end in (gained.low, gained.high))
        words = (
            f"{better.evaluation.detector} is better by {abs(100 * gained.value):.1f} points "
            f"(95 % interval {low:.1f} to {high:.1f})"
        )
    return {
        "difference": gained.value,
        "interval": [gained.low, gained.high],
        "p": p,
        "p_holm": corrected,
        "verdict": words,
    }
