"""Which rows to label next, of a pool of rows without labels.

Each function gives places in the pool, in the order in which to label them. Of equally good rows
one is drawn, so that no strategy prefers what lies first in a table.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.selection.doubt import Doubts, measure_disagreement, measure_entropy, measure_margin
from engine.selection.strategy import DOUBTFUL, NEEDS, RANDOM_SHARE, Strategy
from engine.spreading.model import Matrix, Numbers, scale_rows
from engine.spreading.order import keep_apart, squared_distances


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """Rows to choose from, with what is known of them; None is what no strategy asked for.

    `probabilities` are [rows, labels], `committee` those of several models, [members, rows,
    labels], `vectors` [rows, width], and `labelled` the vectors of what is labelled already.
    """

    rows: int
    probabilities: NDArray[np.float32] | None = None
    committee: NDArray[np.float32] | None = None
    vectors: Matrix | None = None
    labelled: Matrix | None = None

    def require(self, strategy: Strategy) -> None:
        """Raise ValueError for what a strategy needs and the pool lacks."""
        for need in sorted(NEEDS[strategy]):
            if getattr(self, need) is None:
                raise ValueError(f"{strategy} needs {need}")


def choose(strategy: Strategy, pool: Pool, count: int, seed: int) -> Numbers:
    """The places of `count` rows to label next; all rows if there are fewer.

    Raises ValueError if the pool lacks what the strategy needs.
    """
    pool.require(strategy)
    return _CHOICES[strategy](pool, min(count, pool.rows), np.random.default_rng(seed))


def mix(chosen: Numbers, drawn: Numbers) -> tuple[Numbers, NDArray[np.bool_]]:
    """Both in their orders, the `drawn` ones spread evenly; and which of them were drawn.

    So whoever stops in the middle has labelled about the same share of either.
    """
    count = len(chosen) + len(drawn)
    is_drawn = np.zeros(count, bool)
    if len(drawn):
        is_drawn[((np.arange(len(drawn)) + 0.5) * count / len(drawn)).astype(np.int64)] = True
    places = np.empty(count, np.int64)
    places[is_drawn], places[~is_drawn] = drawn, chosen
    return places, is_drawn


def take_largest(scores: Doubts, count: int, rng: np.random.Generator) -> Numbers:
    """The places of the largest scores, the largest first; equal ones in an order that is drawn."""
    order = rng.permutation(len(scores))
    return order[np.argsort(-scores[order], kind="stable")[:count]]


def find_doubtful(probabilities: NDArray[np.float32], count: int, seed: int) -> Numbers:
    """Enough rows of the smallest margin to choose `count` of them that are far from each other."""
    doubts = measure_margin(probabilities)
    return take_largest(doubts, DOUBTFUL * count, np.random.default_rng(seed))


def choose_apart(
    probabilities: NDArray[np.float32], vectors: Matrix, count: int, seed: int
) -> Numbers:
    """Of the rows of the smallest margin, one after the other by doubt times distance.

    `probabilities` is [rows, labels], `vectors` [rows, width].
    """
    doubtful = find_doubtful(probabilities, count, seed)
    doubts = measure_margin(probabilities[doubtful])
    return doubtful[keep_apart(vectors[doubtful], doubts, count)]


def choose_farthest(vectors: Matrix, labelled: Matrix, count: int) -> Numbers:
    """Each the row that is farthest from all labelled ones and those taken before it.

    This is the greedy k-centre of Sener and Savarese, *Active Learning for Convolutional Neural
    Networks: A Core-Set Approach*, ICLR 2018, algorithm 1, over rows of length 1. Without a
    labelled row, the first is the row nearest to the mean. It takes one product of all rows with
    one vector for each labelled row and each that is taken, and memory for a few numbers per row.
    """
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    nearest = np.full(len(vectors), np.inf, np.float32)
    for row in scale_rows(labelled):
        nearest = np.minimum(nearest, squared_distances(vectors, lengths, row))
    taken: list[int] = []
    for _ in range(min(count, len(vectors))):
        place = int(nearest.argmax()) if len(labelled) or taken else _middle(vectors, lengths)
        taken.append(place)
        row = scale_rows(vectors[place : place + 1])[0]
        nearest = np.minimum(nearest, squared_distances(vectors, lengths, row))
        nearest[taken] = -1.0
    return np.array(taken, np.int64)


def _middle(vectors: Matrix, lengths: NDArray[np.float32]) -> int:
    mean = vectors.mean(axis=0, keepdims=True)
    return int(squared_distances(vectors, lengths, scale_rows(mean)[0]).argmin())


def _by_margin(pool: Pool, count: int, rng: np.random.Generator) -> Numbers:
    assert pool.probabilities is not None
    return take_largest(measure_margin(pool.probabilities), count, rng)


def _by_entropy(pool: Pool, count: int, rng: np.random.Generator) -> Numbers:
    assert pool.probabilities is not None
    return take_largest(measure_entropy(pool.probabilities), count, rng)


def _by_disagreement(pool: Pool, count: int, rng: np.random.Generator) -> Numbers:
    assert pool.committee is not None
    return take_largest(measure_disagreement(pool.committee), count, rng)


def _by_distance(pool: Pool, count: int, _rng: np.random.Generator) -> Numbers:
    assert pool.vectors is not None
    labelled = pool.vectors[:0] if pool.labelled is None else pool.labelled
    return choose_farthest(pool.vectors, labelled, count)


def _at_random(pool: Pool, count: int, rng: np.random.Generator) -> Numbers:
    return rng.permutation(pool.rows)[:count]


def _mixed(pool: Pool, count: int, rng: np.random.Generator) -> Numbers:
    """A share drawn from all rows, the others as `choose_apart` takes them."""
    assert pool.probabilities is not None
    assert pool.vectors is not None
    drawn = _at_random(pool, round(RANDOM_SHARE * count), rng)
    left = np.setdiff1d(np.arange(pool.rows), drawn)
    seed = int(rng.integers(2**31))
    chosen = choose_apart(pool.probabilities[left], pool.vectors[left], count - len(drawn), seed)
    return mix(left[chosen], drawn)[0]


_CHOICES: Final[Mapping[Strategy, Callable[[Pool, int, np.random.Generator], Numbers]]] = {
    "random": _at_random,
    "margin": _by_margin,
    "entropy": _by_entropy,
    "disagreement": _by_disagreement,
    "k-centre": _by_distance,
    "mixed": _mixed,
}
