"""Labels for the answers that nobody decided, and the clusters whose label a model doubts.

Decisions are not repeated here: whoever spreads keeps the label that an annotator gave an answer,
and gives these functions only the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.spreading.disagreement import Disagreement
from engine.spreading.model import PIECE_ROWS, Matrix, Numbers, SpreadingModel

NOTHING: Final = -1


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """For each answer a label of `classes` by its place there, and the label's probability.

    `leanings` is the most probable label of every answer; `codes` is the same where the
    probability reaches the confidence that was asked for, else NOTHING: no label.
    """

    classes: tuple[str, ...]
    leanings: Numbers
    codes: Numbers
    probabilities: NDArray[np.float32]

    def labels(self) -> list[str | None]:
        """The label of each answer, or None."""
        return [None if code == NOTHING else self.classes[code] for code in self.codes.tolist()]


def spread(model: SpreadingModel, matrix: Matrix, confidence: float = 0.0) -> Spread:
    """The labels of answers, [answers, width], that are probable enough.

    Scored in pieces of `PIECE_ROWS`, so that a memory-mapped matrix is never copied as a whole.
    """
    leanings = np.empty(len(matrix), np.int64)
    probabilities = np.empty(len(matrix), np.float32)
    for start in range(0, len(matrix), PIECE_ROWS):
        piece = slice(start, start + PIECE_ROWS)
        found = model.probabilities(matrix[piece])
        leanings[piece] = found.argmax(axis=1)
        probabilities[piece] = found.max(axis=1)
    codes = np.where(probabilities >= confidence, leanings, NOTHING)
    return Spread(model.classes, leanings, codes, probabilities)


def find_disagreements(
    model: SpreadingModel, matrix: Matrix, clusters: Sequence[str], labels: Sequence[str]
) -> list[Disagreement]:
    """The clusters with members that lean to another label, most `expected_wrong` first.

    `matrix` is [answers, width]; `clusters` and `labels` say for each answer its cluster and the
    label of that cluster, the same for all of one. A label that the model does not know has
    probability 0. Of equal clusters, the one named first in the alphabet is first.
    """
    names, first, places = np.unique(np.asarray(clusters), return_index=True, return_inverse=True)
    own = [labels[row] for row in first]
    known = {label: code for code, label in enumerate(model.classes)}
    codes = np.array([known.get(label, NOTHING) for label in own], np.int64)
    leaning = np.zeros((len(names), len(model.classes)), np.int64)
    wrong = np.zeros(len(names))
    for start in range(0, len(matrix), PIECE_ROWS):
        piece = slice(start, start + PIECE_ROWS)
        found, here = model.probabilities(matrix[piece]), places[piece]
        np.add.at(leaning, (here, found.argmax(axis=1)), 1)
        right = np.take_along_axis(found, np.maximum(codes[here], 0)[:, None], axis=1)[:, 0]
        right = np.where(codes[here] == NOTHING, 0.0, right)
        wrong += np.bincount(here, 1.0 - right, len(names))
    found_clusters = []
    for place, name in enumerate(names.tolist()):
        counts = leaning[place].copy()
        if codes[place] != NOTHING:
            counts[codes[place]] = 0
        if counts.sum():
            found_clusters.append(
                Disagreement(
                    cluster=name,
                    label=own[place],
                    members=int(leaning[place].sum()),
                    against=int(counts.sum()),
                    other=model.classes[int(counts.argmax())],
                    expected_wrong=float(wrong[place]),
                )
            )
    return sorted(found_clusters, key=lambda item: (-item.expected_wrong, item.cluster))
