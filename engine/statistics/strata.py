"""Strata of scored rows, and how many rows to draw in each. Pure."""

from collections.abc import Sequence
from itertools import accumulate
from math import sqrt


def cut_scores(counts: Sequence[int], bins: int) -> list[int]:
    """The last cell of each of at most `bins` strata, of cells in the order of their scores.

    Strata have equal sums of the square root of their cells' rows, so that the few rows with high
    scores are not lost among the many with low ones (Dalenius and Hodges, JASA 54, 1959; so do
    Marchant and Rubinstein, VLDB 10, 2017, with scores). None is empty.
    """
    sums = list(accumulate(sqrt(count) for count in counts))
    filled = [place for place, count in enumerate(counts) if count]
    ends: list[int] = []
    for number in range(1, bins):
        wanted = sums[-1] * number / bins
        end = next(place for place, found in enumerate(sums) if found >= wanted - 1e-9)
        if end < filled[-1] and any(end >= place > (ends[-1] if ends else -1) for place in filled):
            ends.append(end)
    return [*ends, filled[-1]]


def allocate(sizes: Sequence[int], priors: Sequence[float], total: int) -> list[int]:
    """How many of `total` rows to draw in each stratum: no more than it has, no fewer than 2.

    Half of them go by size, half by Neyman's rule, size × sqrt(p(1 - p)) (J. R. Stat. Soc. 97,
    1934), where the prior p is how likely a row is counted. The first half bounds what wrong priors
    cost: no row weighs more than twice what it would in a simple sample (as in defensive mixtures,
    Hesterberg, Technometrics 37, 1995). Raises ValueError for fewer than 2 rows a stratum.
    """
    if total < 2 * len(sizes):
        raise ValueError(f"{total} rows are fewer than 2 for each of {len(sizes)} strata.")
    doubts = [size * sqrt(p * (1 - p)) for size, p in zip(sizes, priors, strict=True)]
    wanted = [
        total
        * (size / sum(sizes) + (doubt / sum(doubts) if any(doubts) else size / sum(sizes)))
        / 2
        for size, doubt in zip(sizes, doubts, strict=True)
    ]
    drawn = [min(2, size) for size in sizes]
    for _ in range(min(total, sum(sizes)) - sum(drawn)):
        open_ = [place for place, size in enumerate(sizes) if drawn[place] < size]
        drawn[max(open_, key=lambda place: wanted[place] - drawn[place])] += 1
    return drawn
