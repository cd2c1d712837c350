"""How many of the spread labels are right, from the decisions themselves, and as they grew.

Each decision is predicted by a model that was fitted without its cluster, and counts for the
answers that it stands for: the share is Hájek's, its interval Wilson's at Kish's effective n, as in
`engine/statistics/label_noise.py` for audits.

The estimate is biased, in directions that depend on what was decided:

- Decisions that were chosen by a small margin are harder than the average answer: it is too low.
- Representatives are the most typical members of their clusters: it is too high. Those of an audit
  are drawn at random; give `counted` to take the share over them alone, once there are enough.
- Each held-out model learned from nine tenths of the decisions, and from none of the cluster of
  the answer that it predicts, whose representative is decided in truth: it is too low, most of
  all while decisions are few.
- The strength is chosen on all decisions, the held-out ones among them: too high, by little.

So it is a guide while labelling; an audit is the proof.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.spreading.model import (
    DEFAULT_STRENGTH,
    Decided,
    choose_strength,
    encode_labels,
    held_out_probabilities,
)
from engine.statistics.estimate import Estimate
from engine.statistics.label_noise import weighted_share

FOLDS: Final = 10
STEP: Final = 10
FEWEST: Final = 10  # decisions; below, an interval says nothing


@dataclass(frozen=True, slots=True, eq=False)
class HeldOut:
    """The first `decisions`, each predicted by a model that was fitted without its cluster.

    `hits` says which were predicted right, `probabilities` how sure the model was, `weights` for
    how many answers each stands for; `counted` names the rows of these three among all decisions.
    `learned_from` is the number of decisions that such a model had, on average.
    """

    decisions: int
    learned_from: float
    counted: NDArray[np.int64]
    hits: NDArray[np.bool_]
    probabilities: NDArray[np.float64]
    weights: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class QualityPoint:
    """After the first `decisions`: the share of spread labels that are right, and that there are.

    `right` is of the answers that get a label, None if no counted decision would get one;
    `labelled` is the share of answers whose label is probable enough.
    """

    decisions: int
    right: Estimate | None
    labelled: Estimate | None


def hold_out(
    decided: Decided, sizes: Mapping[str, int], counted: Sequence[bool] | None = None
) -> list[HeldOut]:
    """The held-out predictions after every `STEP` decisions and after the last one.

    `sizes` are the numbers of answers of each group; a group's decisions share its answers among
    them. `counted` says of which decisions the share is to be (all, without it); the others are
    only learned from. Left out are beginnings with fewer than `FEWEST` decisions, or with one
    label alone. Up to ten fits each: 0.1 to 0.5 seconds for 120 decisions.
    """
    found = []
    for count in _beginnings(len(decided)):
        part = decided.first(count)
        if len(set(part.labels)) > 1 and len(set(part.groups)) > 1:
            found.append(_hold_out(part, sizes, counted))
    return found


def _beginnings(count: int) -> list[int]:
    steps = list(range(FEWEST, count + 1, STEP))
    return steps if not steps or steps[-1] == count else [*steps, count]


def _hold_out(part: Decided, sizes: Mapping[str, int], counted: Sequence[bool] | None) -> HeldOut:
    _, codes = encode_labels(part.labels)
    strength = choose_strength(part) or DEFAULT_STRENGTH
    folds = min(FOLDS, len(set(part.groups)))
    shares = held_out_probabilities(part, strength, folds)
    rows = np.arange(len(part))
    if counted is not None:
        rows = rows[np.asarray(counted[: len(part)], bool)]
    of_group = Counter(part.groups[row] for row in rows)
    weights = [sizes[part.groups[row]] / of_group[part.groups[row]] for row in rows]
    return HeldOut(
        decisions=len(part),
        learned_from=len(part) * (1 - 1 / folds),
        counted=rows,
        hits=(shares.argmax(axis=1) == codes)[rows],
        probabilities=shares.max(axis=1)[rows],
        weights=np.array(weights, np.float64),
    )


def measure_quality(held: HeldOut, confidence: float = 0.0) -> QualityPoint:
    """The shares after these decisions, of labels with at least that probability."""
    sure = held.probabilities >= confidence
    return QualityPoint(
        decisions=held.decisions,
        right=weighted_share(held.hits[sure].tolist(), held.weights[sure].tolist()),
        labelled=weighted_share(sure.tolist(), held.weights.tolist()),
    )


def include_decided(spread: Estimate, answers: int, decided: int) -> Estimate:
    """The share of right labels of all answers, where `spread` is that of those nobody decided.

    A decided answer's label is right by definition.
    """

    def mix(share: float) -> float:
        return (decided + share * (answers - decided)) / answers

    interval = None if spread.interval is None else (mix(spread.low), mix(spread.high))
    return Estimate(mix(spread.value), interval, spread.n)
