"""Active learning replayed on rows whose labels are known: what each labelled row is worth.

All strategies begin with the same rows, drawn at random. At each budget a regression is fitted on
what is labelled (`engine/spreading/model.py`, on frozen vectors, with one strength for all), is
tested on the rows that were held out, and tells a strategy which of the other rows to label up to
the next budget, all at once, as whoever trains between two sittings would. Nothing is fine-tuned.

A known label takes the annotator's place, so nothing here is a label that anybody gave. The
committee of `disagreement` are regressions on the labelled rows drawn again (query by bagging: Abe
and Mamitsuka, ICML 1998), since a regression has no training seed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.selection.choice import Pool, choose
from engine.selection.strategy import NEEDS, Strategy
from engine.spreading.model import (
    DEFAULT_STRENGTH,
    Decided,
    Matrix,
    Numbers,
    SpreadingModel,
    encode_labels,
    fit,
)
from engine.statistics.measures import count_binary
from engine.statistics.probabilities import measure_areas

MEMBERS: Final = 5  # of a committee


@dataclass(frozen=True, slots=True, eq=False)
class KnownRows:
    """Rows with their true labels; those that `is_held_out` are only tested on."""

    vectors: Matrix
    labels: tuple[str, ...]
    is_held_out: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class LearningPoint:
    """What a regression on `labelled` rows, `positives` of them positive, does on held-out rows.

    `accuracy` and `f1` are of positive against negative, by the most probable label. `f1` is 0
    where nothing is flagged. With a single label there is no regression: that label is predicted
    for every row, and `roc_auc` is that of chance.
    """

    strategy: Strategy
    labelled: int
    positives: int
    accuracy: float
    f1: float
    roc_auc: float


def replay_learning(
    known: KnownRows,
    positives: frozenset[str],
    strategy: Strategy,
    budgets: Sequence[int],
    seed: int,
) -> Iterator[LearningPoint]:
    """The points of a strategy's curve, for ascending budgets.

    `seed` draws the first rows, the same for every strategy, and all else that is drawn. Held-out
    rows are of both kinds, positive and negative.
    """
    pool = np.flatnonzero(~known.is_held_out)
    labelled = np.random.default_rng(seed).permutation(pool)[: budgets[0]]
    for place, budget in enumerate(budgets):
        if place:
            left = np.setdiff1d(pool, labelled)
            more = _choose(known, strategy, labelled, left, budget - len(labelled), seed + place)
            labelled = np.concatenate([labelled, more])
        yield _measure(known, positives, strategy, labelled)


def _choose(
    known: KnownRows, strategy: Strategy, labelled: Numbers, left: Numbers, count: int, seed: int
) -> Numbers:
    """Rows to label next; at random while one label is known, as no model can be fitted then."""
    needs = NEEDS[strategy]
    model = fit(_decide(known, labelled), DEFAULT_STRENGTH)
    if model is None and needs - {"vectors"}:
        return left[choose("random", Pool(len(left)), count, seed)]
    vectors = known.vectors[left]
    pool = Pool(
        rows=len(left),
        probabilities=model.probabilities(vectors) if model and "probabilities" in needs else None,
        committee=_ask_committee(known, labelled, vectors, seed) if "committee" in needs else None,
        vectors=vectors if "vectors" in needs else None,
        labelled=known.vectors[labelled] if "vectors" in needs else None,
    )
    return left[choose(strategy, pool, count, seed)]


def _ask_committee(known: KnownRows, labelled: Numbers, vectors: Matrix, seed: int) -> Matrix:
    """The probabilities of each member, [members, rows, labels]."""
    rng = np.random.default_rng(seed)
    classes, _ = encode_labels([known.labels[row] for row in labelled])
    found = np.zeros((MEMBERS, len(vectors), len(classes)), np.float32)
    for member in found:
        drawn = labelled[rng.integers(len(labelled), size=len(labelled))]
        model = fit(_decide(known, drawn), DEFAULT_STRENGTH)
        if model is None:
            member[:, classes.index(known.labels[drawn[0]])] = 1.0
        else:
            member[:, [classes.index(name) for name in model.classes]] = model.probabilities(
                vectors
            )
    return found


def _decide(known: KnownRows, rows: Numbers) -> Decided:
    labels = tuple(known.labels[row] for row in rows)
    return Decided(known.vectors[rows], labels, tuple(map(str, rows)))


def _measure(
    known: KnownRows, positives: frozenset[str], strategy: Strategy, labelled: Numbers
) -> LearningPoint:
    held = np.flatnonzero(known.is_held_out)
    labels = [known.labels[row] for row in held]
    model = fit(_decide(known, labelled), DEFAULT_STRENGTH)
    predicted, scores = _predict(model, known, labelled, held, positives)
    counts = count_binary(labels, predicted, positives)
    is_positive = np.array([label in positives for label in labels])
    once = np.ones((1, len(held)), np.float32)
    return LearningPoint(
        strategy=strategy,
        labelled=len(labelled),
        positives=sum(known.labels[row] in positives for row in labelled),
        accuracy=(counts.true_positives + counts.true_negatives) / counts.n,
        f1=2 * counts.true_positives / (counts.flagged + counts.positives),
        roc_auc=float(measure_areas(is_positive, scores, once).roc[0]),
    )


def _predict(
    model: SpreadingModel | None,
    known: KnownRows,
    labelled: Numbers,
    held: Numbers,
    positives: frozenset[str],
) -> tuple[list[str], NDArray[np.float32]]:
    """A label for each held-out row, and its probability of being positive."""
    if model is None:
        return [known.labels[labelled[0]]] * len(held), np.zeros(len(held), np.float32)
    probabilities = model.probabilities(known.vectors[held])
    is_positive = [label in positives for label in model.classes]
    predicted = [model.classes[code] for code in probabilities.argmax(axis=1)]
    return predicted, probabilities[:, is_positive].sum(axis=1)
