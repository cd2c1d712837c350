"""How good a detector is on a dataset, and how far measures scatter over seeds.

Measures are of positive against negative.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean, stdev

import numpy as np
from numpy.typing import NDArray

from engine.statistics.estimate import Estimate
from engine.statistics.measures import (
    BinaryCounts,
    Confusion,
    count_binary,
    count_confusion,
    measure_binary,
)
from engine.statistics.probabilities import (
    CalibrationBin,
    RankingMeasures,
    draw_rows,
    measure_ranking,
)
from store.speeds import TimedDetector
from tui.services.numbers import MEASURES
from tui.services.results.evaluations import EvaluatedRows
from tui.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class DetectorScores:
    """A detector on the `n` labelled rows that it was evaluated on, of which some `failed`.

    `gap` is precision minus recall, `collapsed` the counts of positive against negative. `speed`
    is None if it was never timed on texts of the dataset.
    """

    detector: str
    detector_id: str
    recipe: str
    seed: int
    n: int
    accuracy: Estimate | None
    precision: Estimate | None
    recall: Estimate | None
    gap: Estimate | None
    f1: Estimate | None
    fpr: Estimate | None
    roc_auc: Estimate | None
    pr_auc: Estimate | None
    brier: float | None
    calibration_error: float | None
    calibration: tuple[CalibrationBin, ...]
    confusion: Confusion
    collapsed: BinaryCounts
    failed: int
    speed: TimedDetector | None

    def measure(self, name: str) -> Estimate | None:
        """One of MEASURES."""
        found: Estimate | None = getattr(self, name)
        return found


@dataclass(frozen=True, slots=True)
class Spread:
    """A measure over `n` seeds; `sd` is the sample standard deviation, None for one."""

    n: int
    mean: float
    sd: float | None
    min: float
    max: float


@dataclass(frozen=True, slots=True)
class RecipeSpread:
    """Detectors that differ in their seed alone, and the spread of each measure over them."""

    recipe: str
    detectors: tuple[str, ...]
    seeds: tuple[int, ...]
    accuracy: Spread | None
    precision: Spread | None
    recall: Spread | None
    gap: Spread | None
    f1: Spread | None
    fpr: Spread | None
    roc_auc: Spread | None
    pr_auc: Spread | None
    brier: Spread | None
    calibration_error: Spread | None

    def measure(self, name: str) -> Spread | None:
        """One of MEASURES."""
        found: Spread | None = getattr(self, name)
        return found


def score_counts(workspace: Workspace, evaluated: EvaluatedRows) -> DetectorScores:
    """A detector's scores without those of its probabilities, which take longest."""
    return _score(workspace, evaluated, RankingMeasures(0, None, None, None, None, ()))


def score_detectors(
    workspace: Workspace, evaluated: Sequence[EvaluatedRows]
) -> tuple[DetectorScores, ...]:
    """The scores of each detector; those of equally many rows share what the bootstrap draws."""
    drawn: dict[int, NDArray[np.float32]] = {}
    found = []
    for item in evaluated:
        is_positive, probabilities = item.scored()
        n = len(is_positive)
        if n not in drawn:
            drawn[n] = draw_rows(n)
        found.append(_score(workspace, item, measure_ranking(is_positive, probabilities, drawn[n])))
    return tuple(found)


def _score(
    workspace: Workspace, evaluated: EvaluatedRows, ranking: RankingMeasures
) -> DetectorScores:
    frame = evaluated.frame
    truth, predicted = frame["label"].to_list(), frame["predicted_label"].to_list()
    measures = measure_binary(count_binary(truth, predicted, workspace.task.positives))
    return DetectorScores(
        detector=evaluated.evaluation.detector,
        detector_id=evaluated.evaluation.detector_id,
        recipe=evaluated.evaluation.recipe,
        seed=evaluated.detector.seed,
        n=measures.counts.n,
        accuracy=measures.accuracy,
        precision=measures.precision,
        recall=measures.recall,
        gap=measures.gap,
        f1=measures.f1,
        fpr=measures.false_positive_rate,
        roc_auc=ranking.roc_auc,
        pr_auc=ranking.pr_auc,
        brier=ranking.brier,
        calibration_error=ranking.calibration_error,
        calibration=ranking.bins,
        confusion=count_confusion(truth, predicted, workspace.task.labels),
        collapsed=measures.counts,
        failed=measures.counts.failed,
        speed=evaluated.speed,
    )


def spread_over(rows: Sequence[DetectorScores]) -> RecipeSpread:
    """The spread of each measure over detectors that differ in their seed alone."""
    estimates = {name: [row.measure(name) for row in rows] for name in MEASURES}
    spreads = {
        name: _spread([item.value if item else None for item in found])
        for name, found in estimates.items()
    }
    return RecipeSpread(
        recipe=rows[0].recipe,
        detectors=tuple(row.detector for row in rows),
        seeds=tuple(row.seed for row in rows),
        brier=_spread([row.brier for row in rows]),
        calibration_error=_spread([row.calibration_error for row in rows]),
        **spreads,
    )


def _spread(values: Sequence[float | None]) -> Spread | None:
    known = [value for value in values if value is not None]
    if not known:
        return None
    sd = stdev(known) if len(known) > 1 else None
    return Spread(len(known), mean(known), sd, min(known), max(known))
