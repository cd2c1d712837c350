"""Whether two groups of detectors differ: what one recipe gave over several seeds, and another.

A group's measure is the mean over its seeds. Whatever is drawn again or exchanged is a row, with
all that the seeds of both groups said of it: what different seeds say of one row is not
independent. Rows of which all seeds said the same are alike, and are counted.
"""

from math import lcm
from typing import TYPE_CHECKING, Any, Final

from engine.statistics.estimate import Estimate
from engine.statistics.measures import ROUNDS
from engine.statistics.significance import DRAWS, FLAGGED, PairedTest, compare_rows, estimate_drawn

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_WORD: Final = 63  # bits that numpy draws at once


def compare_groups(
    is_positive: "NDArray[np.bool_]",
    first: "NDArray[np.int_]",
    second: "NDArray[np.int_]",
    seed: int = 0,
) -> PairedTest | None:
    """Compare what two groups said of the same rows, codes of [rows, seeds]; None without a row.

    Two groups of one are compared by `compare_rows`. Otherwise both tests turn the sign of each
    row's share in the difference with probability one half. For accuracy, where that share is the
    difference of how many of either group are right, each as a part of its group, p is exact over
    all turns; of two single detectors it would be McNemar's. For as many seeds on both sides,
    turning a sign is swapping what the groups said of the row. For unequally many it is not, as a
    mean of three scatters less than one; the test then holds for many rows, because it keeps the
    variance of the sum (Romano, On the behavior of randomization tests without a group invariance
    assumption, JASA 85, 1990). The same goes for F1, which is no sum over rows: its shares are
    those to first order (`_f1_shares`), turned ROUNDS times from `seed`.

    Both tests are of these very detectors on other rows of the kind. That another seed would do
    the same they do not say; the intervals do: of a bootstrap that draws rows and seeds (Sellam et
    al., The MultiBERTs, ICLR 2022, unpaired seeds). Of several seeds one fewer is drawn than there
    are, without which so few would seem to scatter too little (Rao and Wu, Resampling inference
    with complex survey data, JASA 83, 1988). With three seeds it stays rough: too wide where seeds
    hardly scatter, as what a seed does on single rows is drawn twice over (Owen, The pigeonhole
    bootstrap, Ann. Appl. Stat. 1, 2007). A group of one shows no scatter, and gets none.
    """
    import numpy as np

    seeds = first.shape[1]
    if seeds == second.shape[1] == 1:
        return compare_rows(is_positive, first[:, 0], second[:, 0], seed)
    n = len(is_positive)
    if n == 0:
        return None
    said = np.column_stack([is_positive.astype(int), first, second])
    kinds, rows = np.unique(said, axis=0, return_counts=True)
    truth, codes = kinds[:, :1], kinds[:, 1:]
    is_right, is_flagged = (codes == truth).astype(int), (codes == FLAGGED).astype(int)
    random = np.random.default_rng(seed)
    f1 = f1_p = None
    if is_positive.any():  # before anything else is drawn, so that exchanged groups have this p too
        f1_p = _turn_shares(rows, _f1_shares(rows, truth, is_flagged, seeds), random)
    drawn = random.multinomial(n, rows / n, size=DRAWS).astype(np.float64)  # multiplied faster
    weights = [_draw_seeds(count, random) for count in (seeds, second.shape[1])]

    def estimate(seen: "NDArray[Any]", again: "NDArray[Any]") -> Estimate:
        one, other = again[:, :seeds] * weights[0], again[:, seeds:] * weights[1]
        return estimate_drawn(_gained(seen, seeds), one.sum(axis=1) - other.sum(axis=1), n)

    if is_positive.any():
        f1 = estimate(_f1(rows, truth, is_flagged), _f1(drawn, truth, is_flagged))
    return PairedTest(
        n=n,
        only_first_right=None,
        only_second_right=None,
        accuracy=estimate(rows @ is_right / n, drawn @ is_right / n),
        accuracy_p=_turn_counts(rows, is_right, seeds),
        f1=f1,
        f1_p=f1_p,
    )


def _gained(values: "NDArray[Any]", seeds: int) -> "NDArray[Any]":
    """Return the mean of the first `seeds` values minus that of the others, over the last axis."""
    gained: NDArray[Any] = values[..., :seeds].mean(axis=-1) - values[..., seeds:].mean(axis=-1)
    return gained


def _draw_seeds(count: int, random: "np.random.Generator") -> "NDArray[np.float64]":
    """Return what each of the seeds weighs when all but one are drawn again: [DRAWS, count]."""
    drawn = max(count - 1, 1)
    weights: NDArray[np.float64] = random.multinomial(drawn, [1 / count] * count, DRAWS) / drawn
    return weights


def _f1(
    rows: "NDArray[Any]", truth: "NDArray[np.int_]", is_flagged: "NDArray[np.int_]"
) -> "NDArray[Any]":
    """Return F1 of each seed, [..., seeds], where `rows` counts kinds of rows, [..., kinds]."""
    sizes = (rows @ truth + rows @ is_flagged).clip(1)
    scores: NDArray[Any] = 2 * (rows @ (truth * is_flagged)) / sizes
    return scores


def _f1_shares(
    rows: "NDArray[Any]", truth: "NDArray[np.int_]", is_flagged: "NDArray[np.int_]", seeds: int
) -> "NDArray[np.float64]":
    """Return the share that a row of each kind has in the difference of F1: [kinds].

    F1 is N / D, and N - F * D sums, over the rows, what each adds to N less F times what it adds
    to D. So (N - F * D) / D is how far a seed's F1 lies above F, and a row's part of that its share
    to first order. F is the F1 that the seed would have if the groups were equal: its own, less
    half of what its group is ahead. The shares of all rows sum to the difference.
    """
    import numpy as np

    scores = _f1(rows, truth, is_flagged)
    ahead = np.where(np.arange(len(scores)) < seeds, 0.5, -0.5) * _gained(scores, seeds)
    sizes = rows @ truth + rows @ is_flagged
    found = (2 * truth * is_flagged - (scores - ahead) * (truth + is_flagged)) / sizes
    return _gained(found, seeds)


def _turn_counts(rows: "NDArray[Any]", is_right: "NDArray[np.int_]", seeds: int) -> float:
    """Return how often accuracy differs as much, over all ways to turn signs of rows.

    In units of a row right by one seed of as many as both numbers of seeds divide, differences
    are whole; the sum of those turned is one of binomial counts.
    """
    import numpy as np
    from scipy.stats import binom

    unit = lcm(seeds, is_right.shape[1] - seeds)
    gained = np.rint(unit * _gained(is_right, seeds)).astype(int)
    chances = np.ones(1)
    for size in np.unique(abs(gained[gained != 0])):
        count = int(rows[abs(gained) == size].sum())
        turned = np.zeros(count * size + 1)
        turned[::size] = binom.pmf(np.arange(count + 1), count, 0.5)
        chances = np.convolve(chances, turned)
    sums = 2 * np.arange(len(chances)) - (len(chances) - 1)
    return min(float(chances[abs(sums) >= abs(rows @ gained)].sum()), 1.0)


def _turn_shares(
    rows: "NDArray[Any]", shares: "NDArray[np.float64]", random: "np.random.Generator"
) -> float:
    """Return how often shares sum to as much where the sign of each row's may be turned.

    Only the sizes matter, so that it is the same, drawn alike, where the groups are exchanged.
    """
    import numpy as np

    sizes, place = np.unique(abs(shares).round(15), return_inverse=True)
    counts = np.bincount(place, weights=rows).astype(int)
    sums = np.zeros(ROUNDS)
    for size, count in zip(sizes, counts, strict=True):
        if size:
            sums += size * (count - 2 * _count_turned(count, random))
    beyond = int((abs(sums) >= abs(rows @ shares) - 1e-9).sum())
    return (1 + beyond) / (1 + ROUNDS)


def _count_turned(count: int, random: "np.random.Generator") -> "NDArray[np.int64]":
    """Return how many of so many signs are turned: [ROUNDS]."""
    import numpy as np

    if count >= _WORD:
        return random.binomial(count, 0.5, size=ROUNDS)
    bits = random.integers(1 << count, size=ROUNDS, dtype=np.uint64)  # 20 times faster
    turned: NDArray[np.int64] = np.bitwise_count(bits).astype(np.int64)
    return turned
