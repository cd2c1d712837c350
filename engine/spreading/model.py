"""A multinomial logistic regression on embeddings, from decided answers to labels for all others.

A cluster's label goes to its members because they are near. A regression on the same decisions
learns which directions of the embedding tell the labels apart, and needs no cluster: this is a
linear probe (Alain and Bengio, *Understanding intermediate layers using linear classifier probes*,
2016) on the answers that an annotator has decided.

Rows are scaled to length 1, so that a strength means the same for every encoder. Coefficients are
penalised by their squares, intercepts are not. The strength is chosen by cross-validation over
clusters, so that no member of a held-out answer's cluster is learned from. Each decision counts
once.

scikit-learn is imported where it fits; a fitted model needs numpy alone. No function draws
anything at random: the same decisions in the same order give the same model.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]
Numbers = NDArray[np.int64]
Scores = TypeVar("Scores", NDArray[np.float32], NDArray[np.float64])

# Labels of answers that were chosen for a small margin look like chance, and let cross-validation
# penalise too much: with 30 of them and strengths from 1 on, 10 points fewer labels were right.
STRENGTHS: Final = (10.0, 30.0, 100.0, 300.0)
DEFAULT_STRENGTH: Final = 30.0
FOLDS: Final = 5
PIECE_ROWS: Final = 50_000  # that are scaled and scored at once
FEWEST_GROUPS: Final = 40

_MAX_ITERATIONS: Final = 2000
_TOLERANCE: Final = 1e-6  # scikit-learn's 1e-4 leaves probabilities wrong by up to 0.003


@dataclass(frozen=True, slots=True, eq=False)
class Decided:
    """Decided answers, in the order in which they were decided, each once.

    `vectors` is [n, width]. `groups` names the cluster of each answer, or the answer itself where
    there are no clusters: answers of one group are held out together.
    """

    vectors: Matrix
    labels: tuple[str, ...]
    groups: tuple[str, ...]

    def __len__(self) -> int:
        """The number of answers."""
        return len(self.labels)

    def first(self, count: int) -> "Decided":
        """The earliest decisions."""
        return Decided(self.vectors[:count], self.labels[:count], self.groups[:count])


@dataclass(frozen=True, slots=True, eq=False)
class SpreadingModel:
    """A fitted regression: `coefficients` [classes, width] and `intercepts` [classes], float64.

    `classes` are the labels, sorted. `strength` is the inverse of the penalty, C in scikit-learn;
    `is_strength_chosen` says whether cross-validation chose it, or it is the default.
    """

    classes: tuple[str, ...]
    coefficients: NDArray[np.float64]
    intercepts: NDArray[np.float64]
    strength: float
    is_strength_chosen: bool

    def probabilities(self, matrix: Matrix) -> Matrix:
        """For each row the probability of each class, [rows, classes].

        Rows need not be scaled. A million may be given in pieces: no row depends on another.
        """
        scores = scale_rows(matrix) @ self.coefficients.T.astype(np.float32)
        return _softmax(scores + self.intercepts.astype(np.float32))


def fit(decided: Decided, strength: float | None = None) -> SpreadingModel | None:
    """The model of these decisions; None while they have fewer than two labels.

    One label alone would be given to every answer there is, so then nothing can be spread. Without
    a `strength`, see `choose_strength`.
    """
    if len(set(decided.labels)) < 2:
        return None
    classes, codes = encode_labels(decided.labels)
    with _one_thread():
        rows, basis = compress(decided.vectors)
        chosen = _choose_strength(rows, codes, decided.groups) if strength is None else strength
        used = chosen or DEFAULT_STRENGTH
        coefficients, intercepts = _fit_rows(rows, codes, len(classes), used)
    return SpreadingModel(
        classes=classes,
        coefficients=coefficients @ basis,
        intercepts=intercepts,
        strength=used,
        is_strength_chosen=chosen is not None and strength is None,
    )


def choose_strength(decided: Decided) -> float | None:
    """The strength with the least log loss on held-out clusters.

    None for fewer than `FEWEST_GROUPS` clusters, or fewer than two labels: too few to choose by.
    Of equal ones the smallest is taken, which penalises most.
    """
    if len(set(decided.labels)) < 2:
        return None
    _, codes = encode_labels(decided.labels)
    with _one_thread():
        return _choose_strength(compress(decided.vectors)[0], codes, decided.groups)


def held_out_probabilities(decided: Decided, strength: float, folds: int) -> NDArray[np.float64]:
    """For each decision the probabilities of a model that was fitted without its cluster.

    [n, classes], in the order of the sorted labels; a label that occurs in no other fold has
    probability 0. Folds are whole clusters, of about equal size. Needs two clusters or more.
    """
    _, codes = encode_labels(decided.labels)
    with _one_thread():
        rows, _ = compress(decided.vectors)
        return _hold_out(rows, codes, assign_folds(decided.groups, folds), strength)


def _choose_strength(
    rows: NDArray[np.float64], codes: Numbers, groups: Sequence[str]
) -> float | None:
    if len(set(groups)) < FEWEST_GROUPS:
        return None
    fold_of, places = assign_folds(groups, FOLDS), np.arange(len(rows))
    losses = []
    for strength in STRENGTHS:
        right = _hold_out(rows, codes, fold_of, strength)[places, codes]
        losses.append(float(-np.log(np.maximum(right, 1e-6)).mean()))
    return STRENGTHS[int(np.argmin(losses))]


def _hold_out(
    rows: NDArray[np.float64], codes: Numbers, fold_of: Numbers, strength: float
) -> NDArray[np.float64]:
    classes = int(codes.max()) + 1
    found = np.empty((len(rows), classes))
    for fold in range(int(fold_of.max()) + 1):
        held = fold_of == fold
        coefficients, intercepts = _fit_rows(rows[~held], codes[~held], classes, strength)
        found[held] = _softmax(rows[held] @ coefficients.T + intercepts)
    return found


def assign_folds(groups: Sequence[str], folds: int) -> Numbers:
    """For each row its fold, from 0 on: the largest groups first, each into the smallest fold."""
    _, first, codes, sizes = np.unique(
        np.asarray(groups), return_index=True, return_inverse=True, return_counts=True
    )
    filled = np.zeros(min(folds, len(sizes)), np.int64)
    fold_of_group = np.empty(len(sizes), np.int64)
    for group in np.lexsort((first, -sizes)):  # of equal ones the earliest, whatever its name
        fold = int(filled.argmin())
        fold_of_group[group] = fold
        filled[fold] += sizes[group]
    return fold_of_group[codes]


def encode_labels(labels: Sequence[str]) -> tuple[tuple[str, ...], Numbers]:
    """The labels that occur, sorted, and for each row the place of its label."""
    classes = tuple(sorted(set(labels)))
    places = {label: place for place, label in enumerate(classes)}
    return classes, np.array([places[label] for label in labels], np.int64)


def scale_rows(matrix: Matrix) -> Matrix:
    """The rows divided by their lengths; a row of zeros stays."""
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    scaled: Matrix = np.divide(matrix, lengths, out=np.zeros_like(matrix), where=lengths > 0)
    return scaled


def compress(matrix: Matrix) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The scaled rows in coordinates of their own span, [n, rank], and its basis, [rank, width].

    The rank is at most n. Coefficients outside the span would be penalised and change nothing, so
    the model is the same as over all coordinates, and 60 rows of 768 are fitted in milliseconds.
    """
    scaled = scale_rows(matrix).astype(np.float64)
    if len(scaled) >= scaled.shape[1]:
        return scaled, np.eye(scaled.shape[1])
    basis, triangle = np.linalg.qr(scaled.T)
    return triangle.T, basis.T


def _one_thread() -> AbstractContextManager[Any]:
    """A block whose fits give the same bytes: more threads give other last digits.

    Entering it takes 15 ms, as threadpoolctl looks for all libraries that have threads.
    """
    import sklearn.linear_model  # noqa: F401  # what it loads must be there to be limited
    from threadpoolctl import threadpool_limits

    limits: AbstractContextManager[Any] = threadpool_limits(limits=1)
    return limits


def _fit_rows(
    rows: NDArray[np.float64], codes: Numbers, classes: int, strength: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Coefficients [classes, width] and intercepts [classes]; those of classes without rows are
    0 and minus infinity.
    """
    coefficients = np.zeros((classes, rows.shape[1]))
    intercepts = np.full(classes, -np.inf)
    present = np.unique(codes)
    if len(present) == 1:
        intercepts[present] = 0.0
        return coefficients, intercepts
    from sklearn.linear_model import LogisticRegression

    model: Any = LogisticRegression(C=strength, max_iter=_MAX_ITERATIONS, tol=_TOLERANCE)
    model.fit(rows, codes)
    if len(present) == 2:  # scikit-learn gives the difference of the two
        coefficients[present] = np.vstack([-model.coef_ / 2, model.coef_ / 2])
        intercepts[present] = np.concatenate([-model.intercept_ / 2, model.intercept_ / 2])
    else:
        coefficients[present] = model.coef_
        intercepts[present] = model.intercept_
    return coefficients, intercepts


def _softmax(scores: Scores) -> Scores:
    """The rows' exponentials, divided by their sums; at least one score of a row is finite."""
    powers: Scores = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Scores = powers / powers.sum(axis=1, keepdims=True)
    return shares
