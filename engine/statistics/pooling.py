"""Whether two groups of detectors differ: a recipe trained with several seeds, and another.

A group's measure is the mean over its seeds. What different seeds predict for one row is not
independent, so a row is drawn with the predictions of all seeds of both groups. Rows with the same
predictions are alike, and are counted.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from engine.statistics.estimate import Estimate
from engine.statistics.significance import FLAGGED, PairedTest, compare_rows, estimate_drawn

DRAWS: Final = 5000  # the smallest p, 2 / 5001, is below 0.05 after Holm's correction of 100 pairs


def compare_groups(
    is_positive: NDArray[np.bool_],
    first: NDArray[np.int_],
    second: NDArray[np.int_],
    seed: int = 0,
) -> PairedTest | None:
    """Difference of two groups on the same rows, codes of [rows, seeds]; None without a row.

    Two groups of one are compared by `compare_rows`. Otherwise intervals and p are of one
    bootstrap that draws rows and, in each group, seeds (Sellam et al., The MultiBERTs, ICLR 2022,
    unpaired seeds). Of several seeds one fewer is drawn than there are, without which so few would
    seem to scatter too little (Rao and Wu, Resampling inference with complex survey data, JASA 83,
    1988). p is twice the share of draws on the smaller side of 0, the observed difference counted
    among them, so it is below 0.05 only if the 95 % interval excludes 0.

    Few seeds show only differences that are large compared with their scatter, and two or three do
    not tell how large it is: if equal recipes scatter far more over seeds than over rows, they
    differ at 0.05 in 22 of 100 pairs of two seeds each, 12 of three, 5 of five (300 simulations);
    if they hardly scatter, in less than 1. A group of one shows no scatter, and gets none: the
    result is of that training alone.
    """
    seeds = first.shape[1]
    if seeds == second.shape[1] == 1:
        return compare_rows(is_positive, first[:, 0], second[:, 0], seed)
    n = len(is_positive)
    if n == 0:
        return None
    predictions = np.column_stack([is_positive.astype(int), first, second])
    kinds, rows = np.unique(predictions, axis=0, return_counts=True)
    truth, codes = kinds[:, :1], kinds[:, 1:]
    random = np.random.default_rng(seed)
    drawn = random.multinomial(n, rows / n, size=DRAWS).astype(np.float64)  # multiplied faster
    weights = [_draw_seeds(count, random) for count in (seeds, second.shape[1])]

    def estimate(observed: NDArray[Any], again: NDArray[Any]) -> tuple[Estimate, float]:
        gained = observed[:seeds].mean() - observed[seeds:].mean()
        one, other = again[:, :seeds] * weights[0], again[:, seeds:] * weights[1]
        differences = one.sum(axis=1) - other.sum(axis=1)
        return estimate_drawn(gained, differences, n), _two_sided_p(differences)

    is_right = (codes == truth).astype(int)
    accuracy, accuracy_p = estimate(rows @ is_right / n, drawn @ is_right / n)
    f1 = f1_p = None
    if is_positive.any():
        is_flagged = (codes == FLAGGED).astype(int)
        f1, f1_p = estimate(_f1(rows, truth, is_flagged), _f1(drawn, truth, is_flagged))
    return PairedTest(
        n=n,
        only_first_right=None,
        only_second_right=None,
        accuracy=accuracy,
        accuracy_p=accuracy_p,
        f1=f1,
        f1_p=f1_p,
    )


def _draw_seeds(count: int, random: np.random.Generator) -> NDArray[np.float64]:
    """Weight of each of the seeds when all but one are drawn: [DRAWS, count]."""
    drawn = max(count - 1, 1)
    weights: NDArray[np.float64] = random.multinomial(drawn, [1 / count] * count, DRAWS) / drawn
    return weights


def _f1(rows: NDArray[Any], truth: NDArray[np.int_], is_flagged: NDArray[np.int_]) -> NDArray[Any]:
    """F1 of each seed, [..., seeds], where `rows` counts kinds of rows, [..., kinds]."""
    sizes = (rows @ truth + rows @ is_flagged).clip(1)
    scores: NDArray[Any] = 2 * (rows @ (truth * is_flagged)) / sizes
    return scores


def _two_sided_p(differences: NDArray[np.float64]) -> float:
    smaller = min(int((differences <= 0).sum()), int((differences >= 0).sum()))
    return min(2 * (1 + smaller) / (1 + DRAWS), 1.0)
