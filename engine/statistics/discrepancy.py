"""Maximum mean discrepancy: whether two sets of vectors, paired row by row, are distributed alike.

Gretton, Borgwardt, Rasch, Schölkopf and Smola, A kernel two-sample test, JMLR 13, 2012. Pure: no
model, no store.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from engine.statistics.estimate import Estimate

ROUNDS: Final = 1000
Z: Final = 1.959964  # of a two-sided level of 95 %
MOST: Final = 2.0  # the largest that it can be, with a kernel from 0 to 1


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """MMD² with its interval, and the p of the hypothesis that both sets are alike.

    It is 0 for sets that are, on average: so it can be below. `bandwidth` is that of the kernel.
    """

    mmd2: Estimate
    p: float
    bandwidth: float


def measure_discrepancy(first: NDArray[Any], second: NDArray[Any], seed: int) -> Discrepancy:
    """The unbiased MMD² (equation 4) of two sets [pairs, width], at least three pairs.

    The kernel is a Gaussian whose bandwidth is the median distance of all rows. Rows of a pair
    may depend on each other, as an answer does on its seed: they are never compared with each
    other, and the test swaps them within pairs, with probability one half, ROUNDS times from
    `seed`; its smallest p is 1 / (ROUNDS + 1). The interval is by the jackknife for U-statistics
    (Arvesen, Ann. Math. Stat. 40, 1969); near 0, where its form is not normal, read the p.
    Memory grows with the square of the pairs.
    """
    pairs = len(first)
    squares = _square_distances(np.concatenate([first, second]).astype(np.float32))
    bandwidth = _median_distance(squares)
    kernel = np.exp(squares / np.float32(-2 * bandwidth**2))
    cross = kernel[:pairs, pairs:]
    terms = kernel[:pairs, :pairs] + kernel[pairs:, pairs:] - cross - cross.T
    np.fill_diagonal(terms, 0)
    sums = terms.sum(axis=1, dtype=np.float64)
    value = sums.sum() / (pairs * (pairs - 1))
    without = (sums.sum() - 2 * sums) / ((pairs - 1) * (pairs - 2))
    error = float(np.sqrt((pairs - 1) / pairs * ((without - without.mean()) ** 2).sum()))
    ends = np.clip([value - Z * error, value + Z * error], -MOST, MOST)
    estimate = Estimate(float(value), (float(ends[0]), float(ends[1])), pairs)
    return Discrepancy(estimate, _swap(terms, sums.sum(), seed), bandwidth)


def _square_distances(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = (rows**2).sum(axis=1)
    found: NDArray[np.float32] = lengths[:, None] + lengths[None, :] - 2 * (rows @ rows.T)
    return found.clip(min=0)


def _median_distance(squares: NDArray[np.float32]) -> float:
    """The median distance of different rows; 1 if that is 0."""
    above = squares[np.triu_indices(len(squares), k=1)]
    return float(np.sqrt(np.median(above))) or 1.0


def _swap(terms: NDArray[np.float32], total: float, seed: int) -> float:
    """How often the sum is as large where the rows of each pair may be swapped.

    Swapping those of one pair changes the sign of its terms, so that a round is a row of signs.
    """
    random = np.random.default_rng(seed)
    signs = random.integers(0, 2, (ROUNDS, len(terms)), dtype=np.int8).astype(np.float32) * 2 - 1
    drawn = ((signs @ terms) * signs).sum(axis=1, dtype=np.float64)
    return (1 + int((drawn >= total - 1e-6 * abs(total)).sum())) / (1 + ROUNDS)
