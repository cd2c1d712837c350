"""Whether two ways of doing something differ, on what both did; pure, no model, no store."""

from collections.abc import Mapping
from dataclasses import dataclass

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class PairedDifference:
    """The mean of second minus first over the `n` things that both have.

    `low` and `high` are the ends of its 95 % confidence interval by Student's t, and `p` is that
    of the paired t-test, two-sided; None where fewer than two are shared, or all differ alike.
    """

    n: int
    difference: float
    low: float | None
    high: float | None
    p: float | None


def compare_paired(
    first: Mapping[str, float], second: Mapping[str, float]
) -> PairedDifference | None:
    """Compare two sets of values by their keys; None where they share none."""
    shared = sorted(first.keys() & second.keys())
    if not shared:
        return None
    differences = [second[key] - first[key] for key in shared]
    mean = sum(differences) / len(differences)
    if len(set(differences)) == 1:
        return PairedDifference(len(shared), mean, None, None, None)
    from scipy.stats import ttest_1samp

    found = ttest_1samp(differences, 0.0)
    low, high = found.confidence_interval(LEVEL)
    return PairedDifference(len(shared), mean, float(low), float(high), float(found.pvalue))
