"""The active clusters with their decisions and members."""

from collections.abc import Mapping
from dataclasses import dataclass

from store.cluster_states import ClusterState, read_states
from store.clusters import list_clusters, member_ids
from store.database.connection import Database


@dataclass(frozen=True, slots=True)
class Representative:
    """The answer by which a cluster is labelled."""

    answer_id: str
    text: str


@dataclass(frozen=True, slots=True)
class ClusterSummary:
    """A cluster with its decision. `label` is None while it is undecided.

    `confidence` is the members' mean probability of the predicted label, `spread` their mean
    distance to the centre. `members` are ids of answers, nearest to the centre first.
    """

    cluster_id: str
    dataset: str | None
    predicted_label: str
    size: int
    decision: str | None
    label: str | None
    annotator: str | None
    is_flagged: bool
    note: str | None
    confidence: float | None
    spread: float
    seed_labels: Mapping[str, int]
    representative: Representative
    members: tuple[str, ...]


def summarise_clusters(database: Database) -> list[ClusterSummary]:
    """The active clusters, largest first."""
    members, states = member_ids(database), read_states(database)
    found = []
    for cluster in list_clusters(database):
        state = states.get(cluster.cluster_id, ClusterState())
        found.append(
            ClusterSummary(
                cluster_id=cluster.cluster_id,
                dataset=cluster.dataset,
                predicted_label=cluster.predicted_label,
                size=cluster.size,
                decision=state.kind,
                label=state.label,
                annotator=state.annotator,
                is_flagged=state.is_flagged,
                note=state.note,
                confidence=cluster.confidence,
                spread=cluster.spread,
                seed_labels=cluster.seed_labels,
                representative=Representative(cluster.representative_id, cluster.representative),
                members=tuple(members[cluster.cluster_id]),
            )
        )
    return found
