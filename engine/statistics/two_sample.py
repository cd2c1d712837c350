"""How well two sets of texts can be separated: the classifier two-sample test.

A classifier learns to separate the sets; where it cannot, nothing in their features
differs (Lopez-Paz and Oquab, Revisiting Classifier Two-Sample Tests, ICLR 2017). Here it is a
logistic regression, and its measure the area under the ROC curve. Pure: no model, no store.
scikit-learn is imported where it computes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from engine.statistics.probabilities import measure_areas

FOLDS: Final = 5
ROUNDS: Final = 1000
MIN_GROUPS: Final = 10
BIN_RATIO: Final = 1.1


@dataclass(frozen=True, slots=True)
class Separation:
    """The area under the ROC curve with its 95 % interval.

    0.5 is indistinguishable and 1 told apart without error; below 0.5 is chance.
    """

    auc: float
    low: float
    high: float


def tell_apart(
    first: NDArray[Any],
    second: NDArray[Any],
    first_groups: Sequence[str],
    second_groups: Sequence[str],
    seed: int,
) -> Separation | None:
    """Cross-validate a classifier of first against second; None below MIN_GROUPS groups in either.

    Features are [rows, columns], groups one a row: rows of a group, in either set, are never
    learned from if one of them is scored. The scores of all folds are pooled; the sets weigh
    the same in learning, so that folds of unequal shares give like scores.

    The interval is that of a percentile bootstrap over the groups of each set, from `seed`. It
    covers which texts were scored. It does not cover what the classifiers learned from, since
    the models of the folds are held fixed, so it is somewhat too narrow; and it has no width
    where no text was misplaced.
    """
    if min(len(set(first_groups)), len(set(second_groups))) < MIN_GROUPS:
        return None
    names = [*first_groups, *second_groups]
    numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
    groups = np.array([numbers[name] for name in names])
    is_second = np.arange(len(groups)) >= len(first)
    scores = score_by_folds(np.concatenate([first, second]), is_second, groups, seed)
    everything = np.ones((1, len(groups)), dtype=np.float32)
    auc = measure_areas(is_second, scores, everything).roc[0]
    drawn = measure_areas(is_second, scores, _draw_weights(is_second, groups, seed)).roc
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Separation(float(auc), float(low), float(high))


def score_by_folds(
    features: NDArray[Any], is_second: NDArray[np.bool_], groups: NDArray[np.int_], seed: int
) -> NDArray[np.float64]:
    """Score each row by a classifier that saw no row of its group; higher is more like second."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedGroupKFold
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    scores = np.empty(len(features))
    folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed)
    for learned, scored in folds.split(features, is_second, groups):
        classifier = LogisticRegression(class_weight="balanced", max_iter=1000)
        model = make_pipeline(StandardScaler(), classifier)
        model.fit(features[learned], is_second[learned])
        scores[scored] = model.decision_function(features[scored])
    return scores


def _draw_weights(
    is_second: NDArray[np.bool_], groups: NDArray[np.int_], seed: int
) -> NDArray[np.float32]:
    """How often each row is drawn, for each round, when a set's groups are resampled."""
    random = np.random.default_rng(seed)
    rounds = np.empty((ROUNDS, len(groups)), dtype=np.float32)
    for side in (is_second, ~is_second):
        own, places = np.unique(groups[side], return_inverse=True)
        counts = random.multinomial(len(own), np.full(len(own), 1 / len(own)), size=ROUNDS)
        rounds[:, side] = counts[:, places]
    return rounds


def shared_length(first: Sequence[int], second: Sequence[int]) -> int:
    """The length that at least half of the texts of each set reach; 1 without texts."""
    return int(min((np.median(lengths) for lengths in (first, second) if lengths), default=1))


def match_lengths(
    first: Sequence[int], second: Sequence[int], longest: int, seed: int
) -> tuple[NDArray[np.int_], NDArray[np.int_]]:
    """Places in each set, pair by pair: two rows of a pair are of one bin of length.

    Lengths above `longest` count as `longest` and have a bin of their own; below, a bin's upper
    end is BIN_RATIO times its lower. Which rows of a bin are kept follows from `seed`.
    """
    random = np.random.default_rng(seed)
    steps = np.arange(np.ceil(np.log(longest) / np.log(BIN_RATIO)) + 1)
    ends = np.sort(longest / BIN_RATIO**steps)
    bins = [np.digitize(lengths, ends) for lengths in (first, second)]
    kept: tuple[list[Any], list[Any]] = ([], [])
    for number in np.intersect1d(bins[0], bins[1]):
        rows = [random.permutation(np.flatnonzero(own == number)) for own in bins]
        pairs = min(map(len, rows))
        for side, own in zip(kept, rows, strict=True):
            side.append(own[:pairs])
    places = [np.concatenate([np.empty(0, np.int_), *side]) for side in kept]
    return places[0], places[1]


def link_groups(first: Sequence[str], second: Sequence[str]) -> tuple[list[str], list[str]]:
    """Groups that keep the rows of a pair together, and all that hangs together with them.

    Without that, a fold that lacks one of two rows that were matched learns from the other, and
    sets that are the same come out far below 0.5.
    """
    above: dict[str, str] = {}

    def find(name: str) -> str:
        while (up := above.setdefault(name, name)) != name:
            name = up
        return name

    for one, other in zip(first, second, strict=True):
        above[find(other)] = find(one)
    return [find(name) for name in first], [find(name) for name in second]
