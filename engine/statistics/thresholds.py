"""Where to cut the positive probability: measures against the threshold, and rules that choose.

A row is flagged where its probability is at least the threshold. Pure.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from engine.statistics.measures import BinaryCounts, BinaryMeasures, measure_binary

POINTS: Final = 200  # of a curve that is drawn
RuleName = Literal["max-f1", "fpr-at-most", "recall-at-least"]


@dataclass(frozen=True, slots=True)
class Rule:
    """How a threshold is chosen; `bound` is a share from 0 to 1, none for max-f1.

    Ties go to the higher threshold. "fpr-at-most" takes the highest recall that the bound allows,
    "recall-at-least" the lowest false positive rate.
    """

    name: RuleName
    bound: float | None = None

    def __str__(self) -> str:
        """The rule as it is stored and shown."""
        return self.name if self.bound is None else f"{self.name} {self.bound:g}"


@dataclass(frozen=True, slots=True)
class ThresholdPoint:
    """What a threshold gives: shares from 0 to 1, None if they are undefined."""

    threshold: float
    precision: float | None
    recall: float | None
    f1: float | None
    false_positive_rate: float | None


@dataclass(frozen=True, slots=True)
class Cuts:
    """The rows flagged at every distinct probability as threshold, the highest first."""

    thresholds: NDArray[np.float64]
    hits: NDArray[np.int_]
    alarms: NDArray[np.int_]
    positives: int
    negatives: int

    def counts(self, place: int) -> BinaryCounts:
        """The counts at one threshold."""
        hits, alarms = int(self.hits[place]), int(self.alarms[place])
        return BinaryCounts(hits, alarms, self.negatives - alarms, self.positives - hits)

    def point(self, place: int) -> ThresholdPoint:
        """The measures at one threshold."""
        hits, alarms = int(self.hits[place]), int(self.alarms[place])
        return ThresholdPoint(
            threshold=float(self.thresholds[place]),
            precision=_share(hits, hits + alarms),
            recall=_share(hits, self.positives),
            f1=_share(2 * hits, hits + alarms + self.positives),
            false_positive_rate=_share(alarms, self.negatives),
        )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def cut_everywhere(is_positive: NDArray[np.bool_], probabilities: NDArray[Any]) -> Cuts:
    """Count what is flagged at every distinct probability."""
    scores = probabilities.astype(np.float64)
    order = np.argsort(-scores, kind="stable")
    ordered = scores[order]
    last = np.flatnonzero(np.append(ordered[1:] != ordered[:-1], len(ordered) > 0))
    hits = np.cumsum(is_positive[order].astype(np.int64))[last]
    flagged = np.arange(1, len(ordered) + 1)[last]
    positives = int(is_positive.sum())
    return Cuts(ordered[last], hits, flagged - hits, positives, len(ordered) - positives)


def thin_curve(cuts: Cuts, points: int = POINTS) -> list[ThresholdPoint]:
    """At most `points` points of the curve, the lowest threshold first, both ends kept."""
    n = len(cuts.thresholds)
    places = np.unique(np.linspace(0, n - 1, min(n, points)).round().astype(int))
    return [cuts.point(int(place)) for place in reversed(places)]


def choose_threshold(cuts: Cuts, rule: Rule) -> ThresholdPoint | None:
    """The threshold that a rule chooses; None if none of the rows' fulfils it.

    Where flagging at any of the thresholds breaks the bound on false positives, there is none.
    """
    if not len(cuts.thresholds) or not cuts.positives or (rule.bound and not cuts.negatives):
        return None
    if rule.name == "max-f1":
        worth = 2 * cuts.hits / (cuts.hits + cuts.alarms + cuts.positives)
        allowed = np.ones(len(worth), dtype=bool)
    elif rule.name == "fpr-at-most":
        worth = cuts.hits
        allowed = cuts.alarms <= (rule.bound or 0) * cuts.negatives + 1e-9
    else:
        worth = -cuts.alarms
        allowed = cuts.hits >= (rule.bound or 0) * cuts.positives - 1e-9
    if not allowed.any():
        return None
    best = int(np.argmax(np.where(allowed, worth, -np.inf)))
    return cuts.point(best)


def measure_at(
    is_positive: NDArray[np.bool_], probabilities: NDArray[Any], threshold: float
) -> BinaryMeasures:
    """The measures of flagging every row whose probability is at least the threshold."""
    flagged = probabilities >= threshold
    hits, alarms = int((flagged & is_positive).sum()), int((flagged & ~is_positive).sum())
    positives = int(is_positive.sum())
    negatives = len(is_positive) - positives
    return measure_binary(BinaryCounts(hits, alarms, negatives - alarms, positives - hits))


def label_at(
    probabilities: Sequence[float],
    labels: Sequence[str],
    positives: Collection[str],
    threshold: float,
) -> str:
    """The most probable positive label from the threshold on, else the best negative one."""
    share = sum(p for p, label in zip(probabilities, labels, strict=True) if label in positives)
    is_flagged = share >= threshold
    best = max(
        (p, -place)
        for place, (p, label) in enumerate(zip(probabilities, labels, strict=True))
        if (label in positives) == is_flagged
    )
    return labels[-best[1]]
