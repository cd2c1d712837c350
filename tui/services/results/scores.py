"""How good a detector is on a dataset.

Measures are of positive against negative.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

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
from engine.statistics.rates import measure_rates
from store.detectors import DetectorRow
from store.leaks.overlap import Overlap
from store.speeds import TimedDetector
from tui.services.numbers import DIRECTIONS, RATES
from tui.services.results.evaluations import EvaluatedRows
from tui.services.results.one_class import leave_alone, only_measure
from tui.services.workspace import Workspace

Kind = Literal["detector", "baseline", "language model"]


@dataclass(frozen=True, slots=True)
class DetectorScores:
    """A detector on the `n` labelled rows that it was evaluated on, of which some `failed`.

    Of rows of one class there is recall alone, or `fpr` alone. `gap` is precision minus recall,
    `collapsed` the counts of positive against negative. `speed`
    is None if it was never timed on texts of the dataset. `recall_at_fpr_1` is the highest recall
    with at most 1 % of false positives, `fpr_at_recall_80` the lowest false-positive rate with a
    recall of at least 80 %, over the rows with a probability; a recall is None if that can only be
    kept by flagging nothing. It was `trained_on` so many rows of the
    dataset, on near copies of `trained_on_near_copies` others, and on answers to
    `trained_on_answers` others; None where that is not known.
    """

    detector: str
    detector_id: str
    kind: Kind
    trained_on: int | None
    trained_on_answers: int | None
    trained_on_near_copies: int | None
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
    brier: Estimate | None
    calibration_error: Estimate | None
    recall_at_fpr_1: Estimate | None
    recall_at_fpr_5: Estimate | None
    recall_at_fpr_10: Estimate | None
    fpr_at_recall_80: Estimate | None
    fpr_at_recall_90: Estimate | None
    calibration: tuple[CalibrationBin, ...]
    confusion: Confusion
    collapsed: BinaryCounts
    failed: int
    speed: TimedDetector | None

    @property
    def is_fair(self) -> bool:
        """Whether nothing says that it was trained on rows of the dataset, or what is like them.

        Like them are near copies, and answers to them.
        """
        return not (self.trained_on or self.trained_on_near_copies or self.trained_on_answers)

    def measure(self, name: str) -> Estimate | None:
        """One of MEASURES or RATES, brier or calibration_error."""
        found: Estimate | None = getattr(self, name)
        return found

    @property
    def only_measure(self) -> str | None:
        """The one measure of rows of one class, "recall" or "fpr"; None of rows of both."""
        return only_measure(self.collapsed)


Overlaps = Mapping[str, Overlap | None]  # by detector_id
_NOTHING: Final = RankingMeasures(0, None, None, None, None, ())


def score_counts(
    workspace: Workspace, evaluated: Sequence[EvaluatedRows], overlaps: Overlaps
) -> tuple[DetectorScores, ...]:
    """The scores of each detector without those of probabilities, which take longest."""
    none = dict.fromkeys(RATES)
    return tuple(_score(workspace, item, _NOTHING, none, overlaps) for item in evaluated)


def score_detectors(
    workspace: Workspace, evaluated: Sequence[EvaluatedRows], overlaps: Overlaps
) -> tuple[DetectorScores, ...]:
    """The scores of each detector; those of equally many rows share what the bootstrap draws."""
    drawn: dict[int, NDArray[np.float32]] = {}
    found = []
    for item in evaluated:
        is_positive, probabilities = item.scored()
        n = len(is_positive)
        if n not in drawn:
            drawn[n] = draw_rows(n)
        has_both = item.frame["is_positive"].n_unique() > 1
        ranking = measure_ranking(is_positive, probabilities, drawn[n]) if has_both else _NOTHING
        rates = measure_rates(is_positive, probabilities, drawn[n])
        found.append(_score(workspace, item, ranking, rates, overlaps))
    return tuple(found)


def _score(
    workspace: Workspace,
    evaluated: EvaluatedRows,
    ranking: RankingMeasures,
    rates: Mapping[str, Estimate | None],
    overlaps: Overlaps,
) -> DetectorScores:
    frame = evaluated.frame
    truth, predicted = frame["label"].to_list(), frame["predicted_label"].to_list()
    counts = count_binary(truth, predicted, workspace.task.positives)
    measures = leave_alone(measure_binary(counts))
    overlap = overlaps.get(evaluated.evaluation.detector_id)
    return DetectorScores(
        detector=evaluated.evaluation.detector,
        detector_id=evaluated.evaluation.detector_id,
        kind=_kind(evaluated.detector),
        trained_on=overlap.rows if overlap else None,
        trained_on_answers=overlap.answered if overlap else None,
        trained_on_near_copies=overlap.near if overlap else None,
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
        recall_at_fpr_1=rates["recall_at_fpr_1"],
        recall_at_fpr_5=rates["recall_at_fpr_5"],
        recall_at_fpr_10=rates["recall_at_fpr_10"],
        fpr_at_recall_80=rates["fpr_at_recall_80"],
        fpr_at_recall_90=rates["fpr_at_recall_90"],
        calibration=ranking.bins,
        confusion=count_confusion(truth, predicted, workspace.task.labels),
        collapsed=measures.counts,
        failed=measures.counts.failed,
        speed=evaluated.speed,
    )


def _kind(detector: DetectorRow) -> Kind:
    if detector.is_language_model:
        return "language model"
    return "baseline" if detector.is_baseline else "detector"


def best_of(rows: Sequence[DetectorScores]) -> dict[str, str]:
    """The detector_id of the best by each measure that orders detectors.

    Those trained on rows of the dataset, or on what is like them, are left out; of equals the first
    is named.
    """
    fair = [row for row in rows if row.is_fair]
    found = {}
    for name, sign in DIRECTIONS.items():
        known = {row.detector_id: sign * x.value for row in fair if (x := row.measure(name))}
        if known:
            found[name] = max(known, key=lambda item: known[item])
    return found
