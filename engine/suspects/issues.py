"""Which decided labels are likely to be wrong, by confident learning.

Northcutt, Jiang and Chuang, *Confident Learning: Estimating Uncertainty in Dataset Labels* (JAIR
70, 2021), as the cleanlab library does it: a label is an issue where a model that was fitted
without its cluster is more confident of another label than it is on average where that one was
given. cleanlab and scikit-learn are imported where they compute.
"""

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.spreading.model import (
    DEFAULT_STRENGTH,
    FOLDS,
    Decided,
    Numbers,
    choose_strength,
    encode_labels,
    held_out_probabilities,
)


@dataclass(frozen=True, slots=True, eq=False)
class Issues:
    """What was found for each decided answer.

    `probabilities` are [n, classes], out of sample; `classes` are the labels, sorted. `worst` are
    the places of the answers whose label is an issue, the least probable label first.
    """

    classes: tuple[str, ...]
    probabilities: NDArray[np.float64]
    worst: tuple[int, ...]


def find_issues(decided: Decided) -> Issues | None:
    """The issues among decided answers; None with fewer than two labels or two clusters."""
    if len(set(decided.labels)) < 2 or len(set(decided.groups)) < 2:
        return None
    classes, codes = encode_labels(decided.labels)
    strength = choose_strength(decided) or DEFAULT_STRENGTH
    probabilities = held_out_probabilities(decided, strength, FOLDS)
    return Issues(classes, probabilities, rank_issues(codes, probabilities))


def rank_issues(codes: Numbers, probabilities: NDArray[np.float64]) -> tuple[int, ...]:
    """The places of labels that are issues by cleanlab, the least probable label first."""
    from cleanlab.filter import find_label_issues

    with warnings.catch_warnings():
        # That a label of few answers may hide some: n is told with the list.
        warnings.simplefilter("ignore", UserWarning)
        found = find_label_issues(
            codes, probabilities, return_indices_ranked_by="self_confidence", n_jobs=1
        )
    return tuple(int(place) for place in found)
