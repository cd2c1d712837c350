"""Recall at chosen false-positive rates, and false-positive rates at chosen recalls.

A point of a detector's ROC curve says what its threshold would give if it were set there; the area
under the curve also counts what nobody would use. Pure functions over the positive probability.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from engine.statistics.estimate import Estimate
from engine.statistics.probabilities import draw_rows, pass_rows
from engine.statistics.significance import estimate_drawn

RECALL_AT_FPR: Final = {"recall_at_fpr_1": 0.01, "recall_at_fpr_5": 0.05, "recall_at_fpr_10": 0.10}
FPR_AT_RECALL: Final = {"fpr_at_recall_80": 0.80, "fpr_at_recall_90": 0.90}
NAMES: Final = (*RECALL_AT_FPR, *FPR_AT_RECALL)
_EXACT: Final = 1e-9  # a bound of 0.1 allows 3 of 30 rows


def measure_rates(
    is_positive: NDArray[np.bool_],
    probabilities: NDArray[Any],
    drawn: NDArray[np.float32] | None = None,
) -> dict[str, Estimate | None]:
    """By name the highest recall, or the lowest false-positive rate, that keeps to the bound.

    A recall is None if only flagging nothing keeps to it; all are, of rows of one class. Only
    thresholds at which a row begins to be flagged are taken, nothing is interpolated: a bound
    finer than one of the negatives allows no false alarm. Intervals are percentiles of a bootstrap
    over rows, by `drawn` or from seed 0, in each draw of which the threshold is chosen again; draws
    of one class only are left out.
    """
    n, positives = len(is_positive), int(is_positive.sum())
    if not 0 < positives < n:
        return dict.fromkeys(NAMES)
    drawn = draw_rows(n) if drawn is None else drawn
    once = np.ones((1, n), dtype=np.float32)
    observed = _choose(is_positive, probabilities, once)[:, 0]
    again = _choose(is_positive, probabilities, drawn)
    return {
        name: None
        if name in RECALL_AT_FPR and value == 0
        else estimate_drawn(value, values[~np.isnan(values)], n)
        for name, value, values in zip(NAMES, observed, again, strict=True)
    }


def _choose(
    is_positive: NDArray[np.bool_], scores: NDArray[Any], weights: NDArray[np.float32]
) -> NDArray[np.float64]:
    """Every rate for each line of weights: [rates, rounds]; not a number where one class is left.

    A recall of 0 is that of flagging nothing.
    """
    found = np.full((len(NAMES), len(weights)), np.nan)
    for first, passed in pass_rows(is_positive, scores, weights):
        hits, flagged = passed.hits.cumsum(axis=1), passed.rows.cumsum(axis=1)
        positives, negatives = hits[:, -1:], (flagged - hits)[:, -1:]
        kept = ((positives > 0) & (negatives > 0))[:, 0]
        recall = hits[kept].astype(np.float64) / positives[kept]
        rate = (flagged - hits)[kept].astype(np.float64) / negatives[kept]
        place = first + np.flatnonzero(kept)
        for row, bound in enumerate(RECALL_AT_FPR.values()):
            found[row, place] = np.where(rate <= bound + _EXACT, recall, 0).max(axis=1)
        for row, bound in enumerate(FPR_AT_RECALL.values(), start=len(RECALL_AT_FPR)):
            found[row, place] = np.where(recall >= bound - _EXACT, rate, 1).min(axis=1)
    return found
