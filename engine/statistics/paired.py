"""Whether two ways of doing something differ, on what both did; pure, no model, no store."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from engine.statistics.estimate import Estimate
from engine.statistics.measures import LEVEL

_ALIKE: Final = 1e-12  # values whose last digits alone differ give a t-test of rounding


@dataclass(frozen=True, slots=True)
class PairedDifference:
    """The mean of second minus first over what both have, with its interval by Student's t.

    `p` is that of the paired t-test, two-sided. Neither it nor the interval exists if fewer
    than two are shared, or all differ alike.
    """

    difference: Estimate
    p: float | None


def compare_paired(
    first: Mapping[str, float], second: Mapping[str, float]
) -> PairedDifference | None:
    """The difference of two sets of values, paired by their keys; None if they share none."""
    shared = sorted(first.keys() & second.keys())
    if not shared:
        return None
    differences = [second[key] - first[key] for key in shared]
    mean = sum(differences) / len(differences)
    if max(differences) - min(differences) < _ALIKE:
        return PairedDifference(Estimate(mean, None, len(shared)), None)
    from scipy.stats import ttest_1samp

    found = ttest_1samp(differences, 0.0)
    low, high = found.confidence_interval(LEVEL)
    interval = (float(low), float(high))
    return PairedDifference(Estimate(mean, interval, len(shared)), float(found.pvalue))
