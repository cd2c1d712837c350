"""Labelling replayed on answers whose labels are known: how many labels come out right.

The known label of an answer takes the annotator's place, so nothing here is a label that anybody
gave: these are simulated labels. An annotator errs as well, which a replay does not.

Three orders of decisions are replayed:

- `clusters`: as many clusters as keys, by k-means within each predicted label, and the
  representative of each is decided (STAR, section 3.2).
- `useful-clusters`: representatives of twice as many clusters, chosen by what the model would
  learn from, in batches.
- `useful-answers`: any answer, chosen in the same way.

and two ways of spreading: by `cluster`, where the representative's label reaches its members, and
`learned`, where a regression on the decided answers labels the others. Labels spread by cluster
only from the first order: in the second half of the clusters would have none.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from engine.clustering.kmeans import cluster_embeddings
from engine.spreading.model import DEFAULT_STRENGTH, Decided, Matrix, Numbers, fit
from engine.spreading.order import BATCH, choose_next

Spreading = Literal["cluster", "learned"]
Order = Literal["clusters", "useful-clusters", "useful-answers"]
FINER: Final = 2  # times as many clusters as keys, where the most useful of them are chosen


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """Answers with their true `labels`, and what a detector `predicted`; `vectors` [n, width]."""

    vectors: Matrix
    predicted: tuple[str, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of `keys` decisions: the share of all answers with the right label.

    `decided` answers are among them, which are right by themselves; it is less than `keys` if
    there are fewer clusters.
    """

    spread: Spreading
    order: Order
    keys: int
    decided: int
    right: float


def replay(known: Known, keys: Sequence[int], seed: int) -> Iterator[Outcome]:
    """The outcomes of all orders and ways of spreading, for each number of keys, ascending.

    `seed` starts k-means and draws the first batch; two seeds differ in nothing else.
    """
    for count in sorted(keys):
        clusters = _cluster(known, count, seed)
        by_cluster = np.asarray(known.labels)[clusters.representatives][clusters.of_answer]
        yield _outcome("cluster", "clusters", known, count, clusters.representatives, by_cluster)
        yield _learn("clusters", known, count, clusters.representatives)
        finer = np.sort(_cluster(known, FINER * count, seed).representatives)
        yield _learn("useful-clusters", known, count, _choose(known, finer, count, seed))
    everything = np.arange(len(known.labels))
    chosen = _choose(known, everything, max(keys), seed)
    for count in sorted(keys):  # batches follow each other, so fewer keys are a beginning of more
        yield _learn("useful-answers", known, count, chosen[:count])


@dataclass(frozen=True, slots=True, eq=False)
class _Clusters:
    of_answer: Numbers
    representatives: Numbers


def _cluster(known: Known, count: int, seed: int) -> _Clusters:
    """At most `count` clusters, shared equally among the predicted labels as far as they go."""
    predicted = np.asarray(known.predicted)
    names, sizes = np.unique(predicted, return_counts=True)
    of_answer = np.empty(len(predicted), np.int64)
    representatives: list[int] = []
    for name, k in zip(names, share_clusters(sizes.tolist(), count), strict=True):
        rows = np.flatnonzero(predicted == name)
        found, distances = cluster_embeddings(known.vectors[rows], k, seed)
        for cluster in np.unique(found):
            members = found == cluster
            of_answer[rows[members]] = len(representatives)
            representatives.append(int(rows[members][distances[members].argmin()]))
    return _Clusters(of_answer, np.array(representatives, np.int64))


def share_clusters(sizes: Sequence[int], count: int) -> list[int]:
    """How many clusters each group gets: one in turn, while it has more answers than clusters.

    Every group gets one at least.
    """
    shares = [1] * len(sizes)
    while sum(shares) < count and any(k < size for k, size in zip(shares, sizes, strict=True)):
        open_groups = [place for place, k in enumerate(shares) if k < sizes[place]]
        shares[min(open_groups, key=lambda place: shares[place])] += 1
    return shares


def _choose(known: Known, candidates: Numbers, count: int, seed: int) -> Numbers:
    """The answers to decide, in their order: a batch far apart, then batches of small margins.

    Fitted with the default strength; that of the labels is chosen at the end, as it is slow.
    """
    chosen: Numbers = np.empty(0, np.int64)
    while len(chosen) < min(count, len(candidates)):
        left = np.setdiff1d(candidates, chosen)
        model = fit(_decide(known, chosen), DEFAULT_STRENGTH)
        batch = min(BATCH, count - len(chosen))
        places = choose_next(model, known.vectors[left], known.vectors[chosen], batch, seed)
        chosen = np.concatenate([chosen, left[places]])
    return chosen


def _decide(known: Known, chosen: Numbers) -> Decided:
    labels = tuple(known.labels[row] for row in chosen)
    return Decided(known.vectors[chosen], labels, tuple(map(str, chosen)))


def _learn(order: Order, known: Known, keys: int, decided: Numbers) -> Outcome:
    """The outcome of learned labels; with a single label decided, all answers get that."""
    model = fit(_decide(known, decided))
    if model is None:
        labels = np.full(len(known.labels), known.labels[decided[0]])
    else:
        codes = model.probabilities(known.vectors).argmax(axis=1)
        labels = np.asarray(model.classes)[codes]
    return _outcome("learned", order, known, keys, decided, labels)


def _outcome(
    spread: Spreading, order: Order, known: Known, keys: int, decided: Numbers,
    labels: NDArray[np.str_],
) -> Outcome:  # fmt: skip
    right = labels == np.asarray(known.labels)
    right[decided] = True
    return Outcome(spread, order, keys, len(decided), float(right.mean()))
