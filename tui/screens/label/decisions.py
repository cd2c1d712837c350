"""The clusters with what is decided on them, and how far the work is.

In memory, and counted by differences, so that a key does not go through all clusters.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tui.screens.label.filters import Filter, Marked, Standing
from tui.screens.label.views import Overrides

if TYPE_CHECKING:
    from store.cluster_states import ClusterState
    from store.clusters import Cluster


_KINDS: Final = {"undecided": None, "labelled": "label", "skipped": "skip", "unsure": "unsure"}


@dataclass(slots=True)
class Tally:
    """How far the work is, over all clusters; `rows` are answers."""

    clusters: int = 0
    labelled: int = 0
    skipped: int = 0
    unsure: int = 0
    rows: int = 0
    rows_labelled: int = 0

    @property
    def undecided(self) -> int:
        """Clusters without any decision."""
        return self.clusters - self.labelled - self.skipped - self.unsure


class Decisions:
    """What is decided on each cluster; `annotator` is the one who labels here.

    `learned` counts the members of each cluster whose label was learned; None where labels spread
    by cluster.
    """

    def __init__(
        self,
        clusters: "Sequence[Cluster]" = (),
        states: "Mapping[str, ClusterState] | None" = None,
        overrides: Overrides | None = None,
        *,
        learned: Mapping[str, int] | None = None,
        annotator: str = "",
    ) -> None:
        self._clusters = {cluster.cluster_id: cluster for cluster in clusters}
        self._states = dict(states or {})
        self._overrides: Overrides = overrides or {}
        self._learned = learned
        self.annotator = annotator
        self.to_split: Collection[str] = ()  # clusters that a model would split
        self.tellings = {cluster.told for cluster in clusters if cluster.told is not None}
        self.largest = max((cluster.size for cluster in clusters), default=0)  # in answers
        self.tally = Tally()
        for cluster in clusters:
            self._count(cluster, 1)

    def __contains__(self, cluster_id: str) -> bool:
        return cluster_id in self._clusters

    @property
    def clusters(self) -> "Collection[Cluster]":
        """All clusters, shown or not."""
        return self._clusters.values()

    @property
    def states(self) -> "Mapping[str, ClusterState]":
        """What is decided, by cluster; those on which nothing is are left out."""
        return self._states

    def cluster(self, cluster_id: str) -> "Cluster":
        """The cluster with an id."""
        return self._clusters[cluster_id]

    def state(self, cluster_id: str) -> "ClusterState | None":
        """What is decided on a cluster; None if nothing is."""
        return self._states.get(cluster_id)

    def kind(self, cluster_id: str) -> str | None:
        """Label, skip or unsure; None for a cluster that is undecided."""
        state = self._states.get(cluster_id)
        return state.kind if state else None

    @property
    def overrides(self) -> Overrides:
        """The labels of single members, by cluster; those without any may be left out."""
        return self._overrides

    def has_override(self, cluster_id: str) -> bool:
        """Whether a single member of a cluster has a label of its own."""
        return self.count_overrides(cluster_id) > 0

    def count_overrides(self, cluster_id: str) -> int:
        """How many members of a cluster have a label of their own."""
        return len(self._overrides.get(cluster_id, {}))

    def override(self, cluster_id: str, answer_id: str) -> str | None:
        """The label that a single member was given."""
        found = self._overrides.get(cluster_id, {}).get(answer_id)
        return found[1] if found else None

    def passes(self, cluster: "Cluster", chosen: Filter) -> bool:
        """Whether a filter leaves a cluster in, but for its text."""
        name = cluster.cluster_id
        state = self._states.get(name)
        return (
            self.has_standing(name, chosen.standing)
            and (chosen.label is None or (state is not None and state.label == chosen.label))
            and chosen.predicted in (None, cluster.predicted_label)
            and (chosen.dataset is None or chosen.dataset in cluster.datasets)
            and (chosen.selected is None or _purpose(cluster) == chosen.selected)
            and self.is_marked(name, chosen.marked)
            and not (chosen.not_by_me and self.is_by_me(name))
        )

    def has_standing(self, cluster_id: str, standing: Standing) -> bool:
        """Whether a cluster is undecided, labelled, skipped or unsure."""
        return standing == "any" or self.kind(cluster_id) == _KINDS[standing]

    def is_marked(self, cluster_id: str, marked: Marked) -> bool:
        """Whether a cluster is flagged, has a note or an override, or should be split."""
        if marked == "any":
            return True
        if marked == "has override":
            return self.has_override(cluster_id)
        if marked == "to split":
            return cluster_id in self.to_split
        state = self._states.get(cluster_id)
        if state is None:
            return False
        return state.is_flagged if marked == "flagged" else bool(state.note)

    def is_by_me(self, cluster_id: str) -> bool:
        """Whether the annotator has decided on a cluster, if others have too."""
        state = self._states.get(cluster_id)
        return state is not None and self.annotator in state.annotators

    def take_states(self, states: "Mapping[str, ClusterState | None]") -> None:
        """Replace what is decided on these clusters; None for one that is undecided now."""
        for cluster_id, state in states.items():
            cluster = self._clusters.get(cluster_id)
            if cluster is not None:
                self._count(cluster, -1)
            if state is None:
                self._states.pop(cluster_id, None)
            else:
                self._states[cluster_id] = state
            if cluster is not None:
                self._count(cluster, 1)

    def take_overrides(self, overrides: Overrides) -> None:
        """Replace all labels of single members."""
        touched = [self._clusters[name] for name in {*self._overrides, *overrides} if name in self]
        for cluster in touched:
            self._count(cluster, -1)
        self._overrides = overrides
        for cluster in touched:
            self._count(cluster, 1)

    @property
    def is_learned(self) -> bool:
        """Whether labels are learned, and do not spread by cluster."""
        return self._learned is not None

    def take_learned(self, learned: Mapping[str, int]) -> None:
        """Replace the numbers of members whose label was learned."""
        for cluster in self.clusters:
            self._count(cluster, -1)
        self._learned = learned
        for cluster in self.clusters:
            self._count(cluster, 1)

    def _count(self, cluster: "Cluster", by: int) -> None:
        kind = self.kind(cluster.cluster_id)
        self.tally.clusters += by
        self.tally.rows += by * cluster.size
        self.tally.labelled += by * (kind == "label")
        self.tally.skipped += by * (kind == "skip")
        self.tally.unsure += by * (kind == "unsure")
        self.tally.rows_labelled += by * self._labelled_rows(cluster)

    def _labelled_rows(self, cluster: "Cluster") -> int:
        reach = self._reach(cluster)
        overridden = self._overrides.get(cluster.cluster_id, {}).values()
        learned = self._learned.get(cluster.cluster_id, 0) if self._learned is not None else 0
        own = reach + sum(rank >= reach for rank, _ in overridden)
        return min(own + learned, cluster.size)  # until it is learned again

    def _reach(self, cluster: "Cluster") -> int:
        """How many members, nearest first, have the label that the cluster was given."""
        state = self._states.get(cluster.cluster_id)
        if state is None or state.kind != "label":
            return 0
        if self._learned is not None and cluster.told is None:
            return 1
        return cluster.size if state.reach is None else min(state.reach, cluster.size)


def _purpose(cluster: "Cluster") -> str | None:
    """What rows of production were selected for; None of others."""
    return cluster.told.purpose if cluster.told is not None else None
