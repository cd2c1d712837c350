"""Means with their intervals; pure, no model, no store."""

from collections.abc import Sequence
from statistics import fmean, stdev

from engine.statistics.estimate import Estimate
from engine.statistics.measures import LEVEL


def estimate_mean(mean: float, deviation: float | None, n: int) -> Estimate:
    """A mean over `n` values with its 95 % interval by Student's t, None below two values.

    `deviation` is the sample standard deviation of the values.
    """
    if deviation is None or n < 2:
        return Estimate(mean, None, n)
    from scipy.stats import t

    half = float(t.ppf((1 + LEVEL) / 2, n - 1)) * deviation / n**0.5
    return Estimate(mean, (mean - half, mean + half), n)


def estimate_mean_share(shares: Sequence[float]) -> Estimate:
    """The mean of shares with the interval of `estimate_mean`, which ends at 0 and 1."""
    found = estimate_mean(fmean(shares), stdev(shares) if len(shares) > 1 else None, len(shares))
    if found.interval is None:
        return found
    return Estimate(found.value, (max(found.low, 0.0), min(found.high, 1.0)), found.n)
