"""How good a detector is, from its counts: point estimates and their 95 % intervals.

Pure functions over labels; no model, no store. What is undefined (0/0) is None, never 0: a
benchmark without a positive row has no recall. Intervals of shares are computed here: scipy takes
two seconds to import.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np

from engine.statistics.estimate import Estimate

LEVEL = 0.95
ROUNDS: Final = 10_000


@dataclass(frozen=True, slots=True)
class BinaryCounts:
    """Rows by truth and prediction, after every label became positive or negative.

    Failed rows have no prediction; they are in none of the first four counts. They count as
    wrong: nothing was flagged, so a failed positive is a missed one, and a failed negative is no
    false alarm, but no right answer either. In a classification with "failed" for a third
    prediction the same comes out.
    """

    true_positives: int
    false_positives: int
    true_negatives: int
    false_negatives: int
    failed_positives: int = 0
    failed_negatives: int = 0

    @property
    def n(self) -> int:
        """Number of rows, failed ones included."""
        return self.positives + self.negatives

    @property
    def positives(self) -> int:
        """Number of rows whose true label is positive."""
        return self.true_positives + self.missed

    @property
    def negatives(self) -> int:
        """Number of rows whose true label is negative."""
        return self.true_negatives + self.false_positives + self.failed_negatives

    @property
    def flagged(self) -> int:
        """Number of rows that were predicted to be positive."""
        return self.true_positives + self.false_positives

    @property
    def missed(self) -> int:
        """Number of positive rows that were not flagged, failed ones included."""
        return self.false_negatives + self.failed_positives

    @property
    def failed(self) -> int:
        """Number of rows without a prediction."""
        return self.failed_positives + self.failed_negatives


@dataclass(frozen=True, slots=True)
class BinaryMeasures:
    """What a benchmark says about a detector; None if there is nothing to divide by.

    `gap` is precision minus recall: below 0 it flags too much, above 0 too little.
    """

    counts: BinaryCounts
    accuracy: Estimate | None
    precision: Estimate | None
    recall: Estimate | None
    gap: Estimate | None
    f1: Estimate | None
    false_positive_rate: Estimate | None


@dataclass(frozen=True, slots=True)
class Confusion:
    """Rows by true label (first index) and predicted label (second), both in `labels`' order.

    Failed rows have no predicted label and are not among them.
    """

    labels: tuple[str, ...]
    rows: tuple[tuple[int, ...], ...]


def count_binary(
    labels: Sequence[str], predicted: Sequence[str | None], positive: Collection[str]
) -> BinaryCounts:
    """Count truth against prediction, row by row; a prediction of None is a failed row."""
    pairs: Counter[tuple[bool, bool | None]] = Counter(
        (truth in positive, None if guess is None else guess in positive)
        for truth, guess in zip(labels, predicted, strict=True)
    )
    return BinaryCounts(
        true_positives=pairs[True, True],
        false_positives=pairs[False, True],
        true_negatives=pairs[False, False],
        false_negatives=pairs[True, False],
        failed_positives=pairs[True, None],
        failed_negatives=pairs[False, None],
    )


def count_confusion(
    labels: Sequence[str], predicted: Sequence[str | None], order: Sequence[str]
) -> Confusion:
    """Count every pair of true and predicted label. Raises ValueError on a label not in `order`."""
    pairs = Counter(zip(labels, predicted, strict=True))
    unknown = {label for pair in pairs for label in pair if label is not None} - set(order)
    if unknown:
        raise ValueError(f"The labels {sorted(unknown)} are not among {list(order)}.")
    return Confusion(
        labels=tuple(order),
        rows=tuple(tuple(pairs[truth, guess] for guess in order) for truth in order),
    )


def measure_binary(counts: BinaryCounts, level: float = LEVEL) -> BinaryMeasures:
    """Every measure of the counts with its interval at `level`."""
    hits = counts.true_positives
    return BinaryMeasures(
        counts=counts,
        accuracy=wilson(hits + counts.true_negatives, counts.n, level),
        precision=wilson(hits, counts.flagged, level),
        recall=wilson(hits, counts.positives, level),
        gap=gap_estimate(counts, level),
        f1=f1_estimate(counts, level),
        false_positive_rate=wilson(counts.false_positives, counts.negatives, level),
    )


def wilson(successes: int, n: int, level: float = LEVEL) -> Estimate | None:
    """A proportion with its Wilson score interval, or None if `n` is 0."""
    if n == 0:
        return None
    share = successes / n
    return Estimate(share, wilson_limits(share, n, level), n)


def wilson_limits(share: float, size: float, level: float = LEVEL) -> tuple[float, float]:
    """Wilson's score interval of a share at a size that need not be whole."""
    z = NormalDist().inv_cdf(0.5 + level / 2)
    middle = share + z * z / (2 * size)
    half = z * (share * (1 - share) / size + z * z / (4 * size * size)) ** 0.5
    whole = 1 + z * z / size
    low = (middle - half) / whole if share > 0 else 0.0
    high = (middle + half) / whole if share < 1 else 1.0
    return max(low, 0.0), min(high, 1.0)


def f1_estimate(counts: BinaryCounts, level: float = LEVEL) -> Estimate | None:
    """F1 with its interval, or None if nothing is positive, in truth or prediction.

    F1 = 2J / (1 + J) rises with J = TP / (TP + FP + FN), which given its denominator is a
    binomial proportion: the ends of J's Wilson interval are carried over (the Wilson indirect
    method of Lam, Gopal and Qian, arXiv:2309.14621). A bootstrap gives nearly the same on many
    rows, but an interval of no width to a perfect score on few, and needs a seed.
    """
    share = wilson(counts.true_positives, counts.flagged + counts.missed, level)
    if share is None:
        return None
    value, low, high = (2 * end / (1 + end) for end in (share.value, share.low, share.high))
    return Estimate(value, (low, high), counts.n)


def gap_estimate(counts: BinaryCounts, level: float = LEVEL, seed: int = 0) -> Estimate | None:
    """Precision minus recall with its interval, or None if either is undefined.

    The interval is a percentile bootstrap over all rows, not stratified by label: to draw rows
    again is to draw the table of their counts from a multinomial. Draws in which either is
    undefined are left out. It has no width if there is no false alarm and nothing missed.
    """
    if not counts.flagged or not counts.positives:
        return None
    hits, alarms, missed = counts.true_positives, counts.false_positives, counts.missed
    cells = np.array([hits, alarms, missed, counts.n - hits - alarms - missed])
    drawn = np.random.default_rng(seed).multinomial(counts.n, cells / counts.n, size=ROUNDS)
    tp, flagged, positives = drawn[:, 0], drawn[:, 0] + drawn[:, 1], drawn[:, 0] + drawn[:, 2]
    defined = (flagged > 0) & (positives > 0)
    tails = [(1 - level) / 2, (1 + level) / 2]
    low, high = np.quantile((tp / flagged.clip(1) - tp / positives.clip(1))[defined], tails)
    value = hits / counts.flagged - hits / counts.positives
    return Estimate(value, (float(low), float(high)), counts.n)
