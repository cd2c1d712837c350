"""How many more decisions would bring a share of right labels, from the learning curve so far.

The share of wrong labels is taken to fall as an inverse power of the decisions, error(n) = a +
b n^-c, which fits learning curves best among the usual forms (Viering and Loog, *The shape of
learning curves*, IEEE TPAMI 45, 2023). The interval is a percentile bootstrap over the decisions:
all points of the curve are measured again on the decisions that are drawn, so that their dependence
on each other is kept.

A curve of few decisions is mostly noise, and a forecast beyond three times the decisions is a
guess: both are unknown here, rather than a number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.spreading.quality import HeldOut

ROUNDS: Final = 1000
LEVEL: Final = 0.8
FEWEST_POINTS: Final = 4
FURTHEST: Final = 3  # times the decisions there are

_EXPONENTS: Final = np.linspace(0.1, 1.5, 15)


@dataclass(frozen=True, slots=True)
class Forecast:
    """How many decisions more bring the share of right labels to `goal`.

    `more` is 0 if the curve is there already. `low` and `high` are the ends of an 80 % interval;
    `high` is None if more than a tenth of the bootstrap's curves don't come there within
    `FURTHEST` times the decisions there are.
    """

    goal: float
    more: int
    low: int
    high: int | None


def forecast(held: Sequence[HeldOut], goal: float, seed: int) -> Forecast | None:
    """When a share of right labels is reached, from 0 to 1; None where that cannot be said.

    It cannot with fewer than `FEWEST_POINTS` points on the curve, or where the fitted curve does
    not come there within `FURTHEST` times the decisions.
    """
    if len(held) < FEWEST_POINTS:
        return None
    sizes = np.array([item.learned_from for item in held])
    now, limit = held[-1].decisions, held[-1].decisions * FURTHEST
    more = _more(sizes, _errors(held, None), 1 - goal, now, limit)
    if more is None:
        return None
    rng, rows = np.random.default_rng(seed), held[-1].decisions
    found = []
    for _ in range(ROUNDS):
        drawn = np.bincount(rng.integers(rows, size=rows), minlength=rows)
        found.append(_more(sizes, _errors(held, drawn), 1 - goal, now, limit))
    ends = np.array([np.inf if item is None else item for item in found])
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(ends, [tail, 1 - tail], method="inverted_cdf")
    return Forecast(
        goal=goal,
        more=more,
        low=min(int(low), more) if np.isfinite(low) else more,
        high=max(int(high), more) if np.isfinite(high) else None,
    )


def _errors(held: Sequence[HeldOut], drawn: NDArray[np.int64] | None) -> NDArray[np.float64]:
    """The share of wrong labels at each point; NaN where none of its decisions was drawn."""
    found = np.full(len(held), np.nan)
    for place, item in enumerate(held):
        weights = item.weights if drawn is None else item.weights * drawn[item.counted]
        if weights.sum() > 0:
            found[place] = weights[~item.hits].sum() / weights.sum()
    return found


def _more(
    sizes: NDArray[np.float64], errors: NDArray[np.float64], goal: float, now: int, limit: int
) -> int | None:
    """How many decisions after `now` the fitted curve is at an error of `goal`; None if never."""
    there = ~np.isnan(errors)
    if there.sum() < FEWEST_POINTS:
        return None
    ahead = np.arange(now, limit + 1)
    curve = _fit_curve(sizes[there], errors[there], ahead)
    reached = np.flatnonzero(curve <= goal)
    return int(reached[0]) if len(reached) else None


def _fit_curve(
    sizes: NDArray[np.float64], errors: NDArray[np.float64], ahead: NDArray[np.int64]
) -> NDArray[np.float64]:
    """The values at `ahead` of the curve a + b n^-c that fits best, a and b from 0 up.

    Points are weighted by their decisions, as a share of more decisions is the more exact. For
    each exponent of a grid a and b are the least squares' own; where one would be negative it is 0.
    """
    weights = sizes / sizes.sum()
    best, curve = np.inf, np.full(len(ahead), np.inf)
    for exponent in _EXPONENTS:
        falling = sizes**-exponent
        for floor, slope in _lines(falling, errors, weights):
            if floor < 0 or slope < 0:
                continue
            loss = float((weights * (floor + slope * falling - errors) ** 2).sum())
            if loss < best - 1e-12:
                best, curve = loss, floor + slope * ahead**-exponent
    return curve


def _lines(
    falling: NDArray[np.float64], errors: NDArray[np.float64], weights: NDArray[np.float64]
) -> list[tuple[float, float]]:
    """Candidates (floor, slope): of least squares, with a floor of 0, and with a slope of 0."""
    x, y = float(weights @ falling), float(weights @ errors)
    spread = float(weights @ (falling - x) ** 2)
    slope = float(weights @ ((falling - x) * (errors - y))) / spread
    through = float(weights @ (falling * errors)) / float(weights @ falling**2)
    return [(y - slope * x, slope), (0.0, through), (y, 0.0)]
