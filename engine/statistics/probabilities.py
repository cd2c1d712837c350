"""How well a detector's probabilities order rows, what they are worth, and where to cut them.

Pure functions over the positive probability: the sum of the probabilities of all positive labels.
Rows without one are the caller's to leave out. What is undefined is None: of one class only,
nothing can be ordered.
"""

from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.statistics.estimate import Estimate
from engine.statistics.measures import LEVEL, wilson

ROUNDS: Final = 500
BINS: Final = 10
_BLOCK: Final = 25  # rounds at once, so that they stay in the processor's cache


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """Rows whose probability is in one tenth: their mean probability and share of positives."""

    low: float
    n: int
    mean_probability: float
    positive_share: float

    @property
    def positives(self) -> Estimate:
        """The share of positives with its interval (Wilson)."""
        found = wilson(round(self.positive_share * self.n), self.n)
        assert found is not None  # a bin holds rows
        return found


@dataclass(frozen=True, slots=True)
class RankingMeasures:
    """What positive probabilities are worth on `n` rows.

    `roc_auc` is the share of pairs of a positive and a negative row that are in order, ties half;
    `pr_auc` is average precision. `brier` is the mean squared difference of probability and truth
    (0 is best), `calibration_error` the expected calibration error: the mean difference of
    probability and share of positives over BINS bins of equal width, weighted by rows (Guo et al.,
    On Calibration of Modern Neural Networks, ICML 2017). Binned, it depends on the bins.
    """

    n: int
    roc_auc: Estimate | None
    pr_auc: Estimate | None
    brier: float | None
    calibration_error: float | None
    bins: tuple[CalibrationBin, ...]


class Areas(NamedTuple):
    """The area under the ROC curve and average precision, one for each line of weights."""

    roc: NDArray[np.float64]
    average_precision: NDArray[np.float64]


def draw_rows(n: int, rounds: int = ROUNDS, seed: int = 0) -> NDArray[np.float32]:
    """How often each of `n` rows is drawn when `n` are drawn again: [rounds, n].

    Not stratified by label. Detectors evaluated on the same rows can share it.
    """
    random = np.random.default_rng(seed)
    drawn = np.empty((rounds, n), dtype=np.float32)
    for times in drawn:
        times[:] = np.bincount(random.integers(n, size=n), minlength=n)
    return drawn


def measure_ranking(
    is_positive: NDArray[np.bool_],
    probabilities: NDArray[Any],
    drawn: NDArray[np.float32] | None = None,
) -> RankingMeasures:
    """Measure probabilities from 0 to 1 against the truth of the same rows.

    The intervals of the areas are those of a percentile bootstrap over the rows, by `drawn` or
    from seed 0; draws of one class only are left out. They have no width if all is in order.
    """
    n = len(is_positive)
    if n == 0:
        return RankingMeasures(0, None, None, None, None, ())
    bins = _calibrate(is_positive, probabilities)
    error = sum(item.n * abs(item.mean_probability - item.positive_share) for item in bins) / n
    brier = float(np.mean((probabilities.astype(np.float64) - is_positive) ** 2))
    areas: list[Estimate | None] = [None, None]
    if 0 < is_positive.sum() < n:
        whole = measure_areas(is_positive, probabilities, np.ones((1, n), dtype=np.float32))
        again = measure_areas(is_positive, probabilities, draw_rows(n) if drawn is None else drawn)
        areas = [_estimate(value[0], values, n) for value, values in zip(whole, again, strict=True)]
    return RankingMeasures(n, areas[0], areas[1], brier, error, bins)


def _estimate(value: float, drawn: NDArray[np.float64], n: int) -> Estimate:
    low, high = np.nanquantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Estimate(float(value), (float(low), float(high)), n)


def measure_areas(
    is_positive: NDArray[np.bool_], scores: NDArray[Any], weights: NDArray[np.float32]
) -> Areas:
    """How well scores put rows in order; higher is to be more positive, ties are half.

    `weights` is [rounds, rows]; a row of weight 2 counts as two rows. Not a number where the
    weights leave one class only.
    """
    order = np.argsort(-scores, kind="stable")
    ordered = scores[order]
    starts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))
    roc, average = np.full((2, len(weights)), np.nan)
    for first in range(0, len(weights), _BLOCK):
        block = np.take(weights[first : first + _BLOCK], order, axis=1)
        positive = block * is_positive[order]
        if len(starts) < len(order):  # rows of one score are passed together
            block = np.add.reduceat(block, starts, axis=1)
            positive = np.add.reduceat(positive, starts, axis=1)
        hits, flagged = positive.cumsum(axis=1), block.cumsum(axis=1)
        positives, negatives = hits[:, -1], flagged[:, -1] - hits[:, -1]
        kept = (positives > 0) & (negatives > 0)
        gained = np.einsum("ij,ij->i", positive, hits / flagged.clip(1), dtype=np.float64)
        in_order = np.einsum("ij,ij->i", block - positive, hits - positive / 2, dtype=np.float64)
        place = first + np.flatnonzero(kept)
        average[place] = gained[kept] / positives[kept]
        roc[place] = in_order[kept] / (positives[kept].astype(np.float64) * negatives[kept])
    return Areas(roc, average)


def _calibrate(
    is_positive: NDArray[np.bool_], probabilities: NDArray[Any]
) -> tuple[CalibrationBin, ...]:
    """The bins that hold rows, lowest first; 1.0 is in the last."""
    numbers = np.minimum((probabilities * BINS).astype(int), BINS - 1)
    rows = np.bincount(numbers, minlength=BINS)
    sums = np.bincount(numbers, probabilities, minlength=BINS)
    positives = np.bincount(numbers, is_positive, minlength=BINS)
    return tuple(
        CalibrationBin(
            number / BINS,
            int(rows[number]),
            float(sums[number] / rows[number]),
            float(positives[number] / rows[number]),
        )
        for number in range(BINS)
        if rows[number]
    )
