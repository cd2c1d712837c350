"""How well a detector orders rows by how long their two texts are. Pure.

scipy, which takes two seconds to import, is imported where it computes.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import quantiles
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from engine.statistics.estimate import Estimate
from engine.statistics.measures import LEVEL
from engine.statistics.probabilities import measure_areas

_NEARLY: Final = 1e-9  # from an end, where both sides of the equation are 0


@dataclass(frozen=True, slots=True)
class Quarters:
    """The quarters of some lengths: their `names`, such as "12–80", the shortest first.

    `places` has that of each row. Equal lengths are in the same quarter, so that quarters may
    differ in size, and there may be fewer than four.
    """

    names: tuple[str, ...]
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LengthCell:
    """The `n` rows with a context and a text so long, by the names of their quarters.

    Without rows of both classes there is no `roc_auc`, and `lacks` names what is missing: "rows",
    "negatives" or "positives".
    """

    context: str
    text: str
    n: int
    positives: int
    roc_auc: Estimate | None
    lacks: str | None


@dataclass(frozen=True, slots=True)
class LengthGrid:
    """ROC-AUC by the quarter of the context's length and by that of the text's, in characters.

    `cells` has a cell for each of `contexts` and `texts`, by context first. Its `n` rows have a
    probability; `failed` ones, which have none, are left out.
    """

    contexts: tuple[str, ...]
    texts: tuple[str, ...]
    n: int
    failed: int
    cells: tuple[LengthCell, ...]


def find_quarters(lengths: Sequence[int]) -> Quarters:
    """The quarters of lengths, cut at their quartiles."""
    cuts = quantiles(lengths, n=4, method="inclusive") if len(lengths) > 1 else []
    found = [bisect_left(cuts, length) for length in lengths]
    own: dict[int, list[int]] = {}
    for place, length in zip(found, lengths, strict=True):
        own.setdefault(place, []).append(length)
    held = sorted(own)
    return Quarters(
        tuple(f"{min(own[place]):,}–{max(own[place]):,}" for place in held),
        tuple(held.index(place) for place in found),
    )


def measure_lengths(
    contexts: Sequence[int],
    texts: Sequence[int],
    is_positive: NDArray[np.bool_],
    probabilities: NDArray[Any],
    *,
    failed: int = 0,
) -> LengthGrid:
    """The areas of rows with such lengths and positive probabilities."""
    down, across = find_quarters(contexts), find_quarters(texts)
    by_context, by_text = np.array(down.places, int), np.array(across.places, int)
    cells = []
    for place, context in enumerate(down.names):
        for other, text in enumerate(across.names):
            chosen = (by_context == place) & (by_text == other)
            cells.append(_measure(context, text, is_positive[chosen], probabilities[chosen]))
    return LengthGrid(down.names, across.names, len(is_positive), failed, tuple(cells))


def _measure(
    context: str, text: str, is_positive: NDArray[np.bool_], probabilities: NDArray[Any]
) -> LengthCell:
    n, positives = len(is_positive), int(is_positive.sum())
    if not 0 < positives < n:
        lacks = "rows" if n == 0 else "negatives" if positives else "positives"
        return LengthCell(context, text, n, positives, None, lacks)
    once = np.ones((1, n), dtype=np.float32)
    area = min(float(measure_areas(is_positive, probabilities, once).roc[0]), 1.0)
    interval = bound_area(area, positives, n - positives)
    return LengthCell(context, text, n, positives, Estimate(area, interval, n), None)


def bound_area(
    area: float, positives: int, negatives: int, level: float = LEVEL
) -> tuple[float, float]:
    """The interval of an area under a ROC curve over so many rows of either class, at least one.

    It holds each area that is within so many of its own standard errors of the one observed, which
    are Hanley and McNeil's with the mean number of rows of a class (Newcombe, Statistics in
    Medicine 25, 2006, method 5). So rows that are all in order, of which a bootstrap has no width,
    have an interval; of one row of either class it is Wilson's.
    """
    from scipy.optimize import brentq
    from scipy.stats import norm

    z = float(norm.ppf((1 + level) / 2))

    def gap(share: float) -> float:
        half = (positives + negatives) / 2 - 1
        apart = 1 + half * ((1 - share) / (2 - share) + share / (1 + share))
        error = sqrt(share * (1 - share) * apart / (positives * negatives))
        return abs(share - area) - z * error

    low = brentq(gap, 0, min(area, 1 - _NEARLY)) if area > _NEARLY else 0.0
    high = brentq(gap, max(area, _NEARLY), 1) if area < 1 - _NEARLY else 1.0
    return float(low), float(high)
