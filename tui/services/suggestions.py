"""What a model of the decisions would have decided next, and which clusters it would have split."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from store.clusters import find_clusters

if TYPE_CHECKING:
    from store.cluster_states import ClusterState
    from store.clusters import Cluster
    from store.database.connection import Database
    from tui.services.placed_answers import PlacedAnswers

BATCH: Final = 10  # answers that are kept apart from each other; what follows goes by margin alone
AGAINST: Final = 0.25  # of the members drawn, from which on a split is proposed
FEWEST_AGAINST: Final = 2
MOST_SPLITS: Final = 20


@dataclass(frozen=True, slots=True)
class UsefulAnswer:
    """A single answer from whose label the model would learn much, and the cluster it is in.

    `margin` is that of its two most probable labels; None before a model can be fitted.
    """

    answer_id: str
    cluster_id: str
    margin: float | None


@dataclass(frozen=True, slots=True)
class ProposedSplit:
    """A labelled cluster: of `members` drawn, `against` lean to other labels, mostly `other`."""

    members: int
    against: int
    other: str


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Clusters and answers to decide next, the most useful first, and splits by cluster.

    `margins` are those of the representatives of clusters without a decision, from 0 to 1: the
    difference of the probabilities of its two most probable labels; None before a model can be
    fitted.
    """

    margins: Mapping[str, float | None] = field(default_factory=dict)
    answers: tuple[UsefulAnswer, ...] = ()
    splits: Mapping[str, ProposedSplit] = field(default_factory=dict)


def suggest(
    database: "Database",
    placed: "PlacedAnswers",
    clusters: "Sequence[Cluster]",
    states: "Mapping[str, ClusterState]",
    seed: int,
) -> Suggestions:
    """What to decide next by the model that was fitted last. Blocks; may raise EngineError."""
    kinds = {name: state.kind for name, state in states.items()}
    waiting = {
        item.representative_id: item.cluster_id
        for item in clusters
        if not kinds.get(item.cluster_id) and item.told is None
    }
    chosen = placed.choose(list(waiting), BATCH, seed)
    useful = placed.choose(None, BATCH, seed)
    homes = find_clusters(database, list(useful))
    return Suggestions(
        margins={waiting[answer]: margin for answer, margin in chosen.items()},
        answers=tuple(
            UsefulAnswer(answer, homes[answer], margin)
            for answer, margin in useful.items()
            if answer in homes
        ),
        splits=_propose_splits(database, placed, clusters, states),
    )


def _propose_splits(
    database: "Database",
    placed: "PlacedAnswers",
    clusters: "Sequence[Cluster]",
    states: "Mapping[str, ClusterState]",
) -> dict[str, ProposedSplit]:
    """Splits of labelled clusters, most answers that are expected to be wrong first."""
    sizes = {item.cluster_id: item.size for item in clusters if item.size > 1 and not item.told}
    labels = {
        name: state.label
        for name, state in states.items()
        if name in sizes and state.label is not None
    }
    mixed = [
        doubt
        for doubt in placed.find_doubts(database, labels)
        if FEWEST_AGAINST <= doubt.against < doubt.members
        and doubt.against >= AGAINST * doubt.members
    ]
    mixed.sort(key=lambda item: -item.expected_wrong * sizes[item.cluster] / item.members)
    return {
        item.cluster: ProposedSplit(item.members, item.against, item.other)
        for item in mixed[:MOST_SPLITS]
    }
