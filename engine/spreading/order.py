"""What to decide next: the answers from whose label a model would learn most.

While nothing can be fitted, answers are drawn that are far from each other: the seeding of
k-means++ (Arthur and Vassilvitskii, *k-means++: the advantages of careful seeding*, SODA 2007).
Afterwards they are those with the smallest margin between the two most probable labels
(Scheffer, Decomain and Wrobel, *Active hidden Markov models for information extraction*, IDA 2001),
in batches whose members are kept apart, since the nearest answers to a border are often near copies
of each other (after Zhdanov, *Diverse mini-batch active learning*, 2019, who clusters the most
informative rows; here they are taken one after the other, the farthest first).

The same functions serve for representatives of clusters and for single answers: a choice is among
the rows that are given. Nothing is drawn but by a seed.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.spreading.model import PIECE_ROWS, Matrix, Numbers, SpreadingModel, scale_rows

BATCH: Final = 10
POOL: Final = 5  # times as many rows as are chosen are compared with each other

_EQUAL: Final = 1e-6  # a squared distance in float32 is no more exact


def choose_next(
    model: SpreadingModel | None, candidates: Matrix, decided: Matrix, count: int, seed: int
) -> Numbers:
    """The places of the `count` candidates to decide next, in their order.

    Both are [rows, width]; no candidate is decided. Fewer if there are fewer candidates. Without a
    model, what `spread_out` chooses. The choice follows from the arguments alone, so it is the
    same again after undo; ask for a batch and refit after it, or for one at a time.
    """
    if model is None:
        return spread_out(candidates, decided, count, seed)
    margins = find_margins(model, candidates)
    pool = np.argsort(margins, kind="stable")[: POOL * count]
    return pool[keep_apart(candidates[pool], 1.0 - margins[pool], count)]


def find_margins(model: SpreadingModel, matrix: Matrix) -> NDArray[np.float32]:
    """For each row the difference of its two largest probabilities, from 0 to 1."""
    margins = np.empty(len(matrix), np.float32)
    for start in range(0, len(matrix), PIECE_ROWS):
        piece = slice(start, start + PIECE_ROWS)
        largest = np.sort(model.probabilities(matrix[piece]), axis=1)[:, -2:]
        margins[piece] = largest[:, 1] - largest[:, 0]
    return margins


def spread_out(candidates: Matrix, decided: Matrix, count: int, seed: int) -> Numbers:
    """The places of `count` candidates that are far from each other and from decided rows.

    Each is drawn with a probability in proportion to the squared distance to the nearest row that
    is decided or was drawn; the first of all has the same chance as any other. Rows equal to those
    are taken last, in their order.
    """
    rng = np.random.default_rng(seed)
    lengths = np.sqrt(np.einsum("ij,ij->i", candidates, candidates))
    distances = np.full(len(candidates), np.inf, np.float32)
    for row in scale_rows(decided):
        distances = np.minimum(distances, squared_distances(candidates, lengths, row))
    chosen: list[int] = []
    for _ in range(min(count, len(candidates))):
        place = _draw(rng, distances, chosen)
        chosen.append(place)
        row = scale_rows(candidates[place : place + 1])[0]
        distances = np.minimum(distances, squared_distances(candidates, lengths, row))
        distances[place] = 0.0
    return np.array(chosen, np.int64)


def _draw(rng: np.random.Generator, distances: NDArray[np.float32], chosen: list[int]) -> int:
    if np.isinf(distances).any():
        return int(rng.integers(len(distances)))
    heights = np.cumsum(distances, dtype=np.float64)
    if heights[-1] <= 0:
        left = np.ones(len(distances), bool)
        left[chosen] = False
        return int(left.argmax())
    return int(np.searchsorted(heights, rng.random() * heights[-1], side="right"))


def keep_apart(candidates: Matrix, doubts: NDArray[np.float32], count: int) -> Numbers:
    """The places of `count` rows: the first of the largest doubt, then by doubt times distance.

    The distance is the squared one to the nearest row that was taken.
    """
    rows = scale_rows(candidates)
    lengths = np.linalg.norm(rows, axis=1)
    distances = np.full(len(rows), np.inf, np.float32)
    chosen: list[int] = []
    left = np.ones(len(rows), bool)
    for _ in range(min(count, len(rows))):
        gains = np.where(left, doubts * distances if chosen else doubts, -1.0)
        place = int(gains.argmax())
        chosen.append(place)
        left[place] = False
        distances = np.minimum(distances, squared_distances(rows, lengths, rows[place]))
    return np.array(chosen, np.int64)


def squared_distances(
    rows: Matrix, lengths: NDArray[np.float32], row: Matrix
) -> NDArray[np.float32]:
    """Between rows, once they are divided by their lengths, and a row of length 1, or 0.

    The rows are not copied: a million may be a memory-mapped file.
    """
    cosines = np.divide(rows @ row, lengths, out=np.zeros_like(lengths), where=lengths > 0)
    found: NDArray[np.float32] = (lengths > 0) + row @ row - 2.0 * cosines
    found[found < _EQUAL] = 0.0
    return found.astype(np.float32)
