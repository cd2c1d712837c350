"""How well a detector's probabilities order rows, what they are worth, and where to cut them.

Pure functions over the positive probability: the sum of the probabilities of all positive labels.
Rows without one are the caller's to leave out. What is undefined is None: of one class only,
nothing can be ordered.
"""

from collections.abc import Iterator
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
    """A tenth of the rows, by their probability: its mean, and the share of positives (Wilson).

    `low` and `high` are the ends of the probabilities that it holds.
    """

    low: float
    high: float
    n: int
    mean_probability: float
    positive_share: Estimate


@dataclass(frozen=True, slots=True)
class RankingMeasures:
    """What positive probabilities are worth on `n` rows.

    `roc_auc` is the share of pairs of a positive and a negative row that are in order, ties half;
    `pr_auc` is average precision. `brier` is the mean squared difference of probability and truth
    (0 is best), `calibration_error` the expected calibration error: the mean difference of
    probability and share of positives over BINS bins, weighted by rows (Guo et al., On Calibration
    of Modern Neural Networks, ICML 2017). Bins hold as many rows each, rows of one probability in
    the same bin, since bins of equal width leave most of them nearly empty where a detector is
    sure (Roelofs et al., Mitigating Bias in Calibration Error Estimation, AISTATS 2022). It is
    too high on few rows all the same, as chance adds to each bin's difference.
    """

    n: int
    roc_auc: Estimate | None
    pr_auc: Estimate | None
    brier: Estimate | None
    calibration_error: Estimate | None
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

    Intervals are of a bootstrap over the rows, by `drawn` or from seed 0. Those of the areas and
    of `brier` are percentiles; draws of one class only are left out of the areas, whose intervals
    have no width if all is in order.
    """
    n = len(is_positive)
    if n == 0:
        return RankingMeasures(0, None, None, None, None, ())
    drawn = draw_rows(n) if drawn is None else drawn
    once = np.ones((1, n), dtype=np.float32)
    areas: list[Estimate | None] = [None, None]
    if 0 < is_positive.sum() < n:
        found = (measure_areas(is_positive, probabilities, lines) for lines in (once, drawn))
        areas = [_estimate(value[0], values, n) for value, values in zip(*found, strict=True)]
    apart = probabilities.astype(np.float64) - is_positive
    return RankingMeasures(
        n,
        areas[0],
        areas[1],
        brier=_estimate(float(np.mean(apart**2)), drawn @ apart**2 / n, n),
        calibration_error=_estimate_error(probabilities, apart, drawn),
        bins=_calibrate(is_positive, probabilities),
    )


def _estimate_error(
    probabilities: NDArray[Any], apart: NDArray[np.float64], drawn: NDArray[np.float32]
) -> Estimate:
    """The calibration error; `apart` is probability minus truth.

    Drawing rows again adds chance to each bin once more, so that most draws are above the error.
    So its interval is the draws' mirrored at the error (the basic bootstrap; Davison and Hinkley,
    Bootstrap Methods and their Application, 1997, section 5.2), made to hold the error. It begins
    at 0 where probabilities that are right would give such an error by chance, in more than 1 of
    40 draws: then each bin's sum is normal, as it is of many independent rows.
    """
    n = len(apart)
    is_in = _bin_numbers(probabilities)[:, None] == np.arange(BINS)
    by_bin = is_in * apart[:, None]
    value = float(np.abs(by_bin.sum(axis=0)).sum() / n)
    tails = [(1 - LEVEL) / 2, (1 + LEVEL) / 2]
    low, high = np.quantile(2 * value - np.abs(drawn @ by_bin).sum(axis=1) / n, tails)
    spread = np.sqrt((probabilities * (1 - probabilities)) @ is_in)
    by_chance = np.random.default_rng(0).normal(0, spread, size=(len(drawn), BINS))
    if value <= np.quantile(np.abs(by_chance).sum(axis=1) / n, tails[1]):
        low = 0.0
    return Estimate(value, (max(0.0, min(float(low), value)), max(float(high), value)), n)


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
    roc, average = np.full((2, len(weights)), np.nan)
    for first, passed in pass_rows(is_positive, scores, weights):
        positive, block = passed.hits, passed.rows
        hits, flagged = positive.cumsum(axis=1), block.cumsum(axis=1)
        positives, negatives = hits[:, -1], flagged[:, -1] - hits[:, -1]
        kept = (positives > 0) & (negatives > 0)
        gained = np.einsum("ij,ij->i", positive, hits / flagged.clip(1), dtype=np.float64)
        in_order = np.einsum("ij,ij->i", block - positive, hits - positive / 2, dtype=np.float64)
        place = first + np.flatnonzero(kept)
        average[place] = gained[kept] / positives[kept]
        roc[place] = in_order[kept] / (positives[kept].astype(np.float64) * negatives[kept])
    return Areas(roc, average)


class Passed(NamedTuple):
    """What is flagged newly at each distinct score: positive rows, and all. [rounds, scores]."""

    hits: NDArray[np.float32]
    rows: NDArray[np.float32]


def pass_rows(
    is_positive: NDArray[np.bool_], scores: NDArray[Any], weights: NDArray[np.float32]
) -> Iterator[tuple[int, Passed]]:
    """Go through the scores from the highest, for some lines of weights at a time.

    Yields the place of the first of these lines with what they pass.
    """
    order = np.argsort(-scores, kind="stable")
    ordered = scores[order]
    starts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))
    for first in range(0, len(weights), _BLOCK):
        block = np.take(weights[first : first + _BLOCK], order, axis=1)
        positive = block * is_positive[order]
        if len(starts) < len(order):  # rows of one score are passed together
            block = np.add.reduceat(block, starts, axis=1)
            positive = np.add.reduceat(positive, starts, axis=1)
        yield first, Passed(positive, block)


def _calibrate(
    is_positive: NDArray[np.bool_], probabilities: NDArray[Any]
) -> tuple[CalibrationBin, ...]:
    """The bins that hold rows, lowest first."""
    numbers = _bin_numbers(probabilities)
    return tuple(
        _measure_bin(is_positive[numbers == number], probabilities[numbers == number])
        for number in np.unique(numbers)
    )


def _measure_bin(is_positive: NDArray[np.bool_], probabilities: NDArray[Any]) -> CalibrationBin:
    n = len(is_positive)
    share = wilson(int(is_positive.sum()), n)
    assert share is not None  # a bin holds rows
    low, high = float(probabilities.min()), float(probabilities.max())
    return CalibrationBin(low, high, n, float(probabilities.mean()), share)


def _bin_numbers(probabilities: NDArray[Any]) -> NDArray[np.int_]:
    """The place of each row's bin: the tenth in which the first row of its probability is."""
    below = np.searchsorted(np.sort(probabilities), probabilities, side="left")
    numbers: NDArray[np.int_] = below * BINS // len(probabilities)
    return numbers
