"""Platt scaling: what a score of any scale is worth, as the probability of being positive.

Platt, Probabilistic Outputs for Support Vector Machines and Comparisons to Regularized Likelihood
Methods, 1999. scipy is imported where it computes.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class PlattScaling:
    """A sigmoid of slope × score + intercept; a slope below 0 means that low is positive."""

    slope: float
    intercept: float

    def probabilities(self, scores: NDArray[Any]) -> NDArray[np.float64]:
        """The probability of being positive for each score, never quite 0 or 1."""
        from scipy.special import expit

        found: NDArray[np.float64] = expit(self.slope * scores + self.intercept)
        return found


def fit_platt(scores: NDArray[Any], is_positive: NDArray[np.bool_]) -> PlattScaling:
    """The sigmoid of greatest likelihood; which way scores point follows from the rows.

    The targets are not quite 0 and 1 (section 2.2 there), so that it is finite even where a score
    tells all rows apart. Scores that are all equal get the slope 0.
    """
    from scipy.optimize import minimize
    from scipy.special import expit

    mean, spread = float(np.mean(scores)), float(np.std(scores)) or 1.0
    scaled = (scores.astype(np.float64) - mean) / spread
    positives = int(is_positive.sum())
    negatives = len(scores) - positives
    targets = np.where(is_positive, (positives + 1) / (positives + 2), 1 / (negatives + 2))

    def loss(point: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        logits = point[0] * scaled + point[1]
        apart = expit(logits) - targets
        worth = np.logaddexp(0, logits) - targets * logits
        return float(worth.mean()), np.array([np.mean(apart * scaled), apart.mean()])

    slope, intercept = minimize(loss, np.zeros(2), jac=True, method="BFGS", tol=1e-8).x.tolist()
    return PlattScaling(slope / spread, intercept - slope * mean / spread)
