"""Means with their intervals; pure, no model, no store."""

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
