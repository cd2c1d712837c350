"""The clusters a person works through: what is shown, in which order, and how far the work is.

Pure and in memory, so that a key costs no look at all clusters: counts go by differences, and
only a change of order or filter walks through them. What is decided comes from the store.
"""

import itertools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from store.clusters import Cluster
    from store.decisions import ClusterState, Decision

Order = Literal["largest", "least certain", "most at odds", "as clustered"]
Standing = Literal["any", "undecided", "skipped", "unsure", "flagged", "not by me"]
Overrides = Mapping[str, Mapping[str, tuple[int, str]]]  # cluster: answer: (rank, label)

ORDERS: Final[tuple[Order, ...]] = ("largest", "least certain", "most at odds", "as clustered")
BLIND_ORDERS: Final[tuple[Order, ...]] = ("largest",)  # the others follow the predictions
STANDINGS: Final[tuple[Standing, ...]] = (
    "any", "undecided", "skipped", "unsure", "flagged", "not by me",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filter:
    """Which clusters are shown; None and "" leave everything in.

    `text` is searched for in the representatives or in all members; between two slashes it is
    a regular expression.
    """

    standing: Standing = "any"
    predicted: str | None = None
    dataset: str | None = None
    text: str = ""
    in_members: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether it leaves everything in."""
        return self == Filter(in_members=self.in_members)


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


class Worklist:
    """Clusters with what is decided on them, and the one that is looked at."""

    def __init__(
        self,
        clusters: "Sequence[Cluster]" = (),
        states: "Mapping[str, ClusterState] | None" = None,
        overrides: Overrides | None = None,
        *,
        annotator: str = "",
    ) -> None:
        self._clusters = {cluster.cluster_id: cluster for cluster in clusters}
        self._states = dict(states or {})
        self._overrides: Overrides = overrides or {}
        self._annotator = annotator
        self.order: Order = "largest"
        self.filter = Filter()
        self._matching: Collection[str] | None = None
        self.shown: list[str] = list(self._clusters)
        self.index = 0
        self.tally = Tally()
        for cluster in clusters:
            self._count(cluster, 1)

    @property
    def current(self) -> "Cluster | None":
        """The cluster that is looked at; None where none is shown."""
        return self._clusters[self.shown[self.index]] if self.shown else None

    def cluster(self, cluster_id: str) -> "Cluster":
        """Return a cluster by its id."""
        return self._clusters[cluster_id]

    def all(self) -> "Collection[Cluster]":
        """Return all clusters, shown or not."""
        return self._clusters.values()

    def clusters(self) -> "list[Cluster]":
        """Return the clusters that are shown, in their order."""
        return [self._clusters[cluster_id] for cluster_id in self.shown]

    def __contains__(self, cluster_id: str) -> bool:
        return cluster_id in self._clusters

    def state(self, cluster_id: str) -> "ClusterState | None":
        """Return what is decided on a cluster; None where nothing is."""
        return self._states.get(cluster_id)

    def kind(self, cluster_id: str) -> str | None:
        """Return label, skip or unsure; None for a cluster that is undecided."""
        state = self._states.get(cluster_id)
        return state.kind if state else None

    def override(self, cluster_id: str, answer_id: str) -> str | None:
        """Return the label that a single member was given."""
        found = self._overrides.get(cluster_id, {}).get(answer_id)
        return found[1] if found else None

    def take_states(self, states: "Mapping[str, ClusterState | None]") -> None:
        """Put what is decided now in the place of what was, for these clusters."""
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

    def take_decisions(self, decisions: "Sequence[Decision]", annotator: str) -> None:
        """Put decisions on top of what was decided."""
        from store.decisions import ClusterState, advance  # loaded long since, where there are any

        for decision in decisions:
            if decision.cluster_id is not None:
                state = self._states.get(decision.cluster_id, ClusterState())
                changed = advance(state, decision, annotator)
                self.take_states({decision.cluster_id: changed})

    def take_overrides(self, overrides: Overrides) -> None:
        """Put these overrides in the place of all there were."""
        touched = [self._clusters[name] for name in {*self._overrides, *overrides} if name in self]
        for cluster in touched:
            self._count(cluster, -1)
        self._overrides = overrides
        for cluster in touched:
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
        state = self._states.get(cluster.cluster_id)
        reach = 0
        if state and state.kind == "label":
            reach = cluster.size if state.reach is None else min(state.reach, cluster.size)
        overridden = self._overrides.get(cluster.cluster_id, {}).values()
        return reach + sum(rank >= reach for rank, _ in overridden)

    def arrange(
        self, order: Order, chosen: Filter, matching: Collection[str] | None = None
    ) -> None:
        """Show the clusters that the filter leaves in, in an order; stay at the present one.

        `matching` are the clusters that have the filter's text; None where it has none.
        """
        here = self.current
        self.order, self.filter, self._matching = order, chosen, matching
        found = [cluster for cluster in self._clusters.values() if self._passes(cluster)]
        found.sort(key=_SORT_KEYS[order])
        self.shown = [cluster.cluster_id for cluster in found]
        self.index = 0
        if here is not None:
            self.look_at(here.cluster_id)

    def _passes(self, cluster: "Cluster") -> bool:
        chosen = self.filter
        return (
            self._stands_as(cluster.cluster_id, chosen.standing)
            and chosen.predicted in (None, cluster.predicted_label)
            and (chosen.dataset is None or chosen.dataset in cluster.datasets)
            and (self._matching is None or cluster.cluster_id in self._matching)
        )

    def _stands_as(self, cluster_id: str, standing: Standing) -> bool:
        state = self._states.get(cluster_id)
        if standing == "undecided":
            return state is None or state.kind is None
        if standing == "not by me":
            return state is None or self._annotator not in state.annotators
        if standing == "flagged":
            return state is not None and state.is_flagged
        kinds = {"skipped": "skip", "unsure": "unsure"}
        return standing == "any" or (state is not None and state.kind == kinds[standing])

    def look_at(self, cluster_id: str | None) -> bool:
        """Look at a cluster; return whether it is shown."""
        try:
            self.index = self.shown.index(cluster_id or "")
        except ValueError:
            return False
        return True

    def move_to(self, index: int) -> None:
        """Look at a place, at the nearest one there is; -1 is the last."""
        last = len(self.shown) - 1
        self.index = max(last if index == -1 else min(index, last), 0)

    def move(self, by: int) -> None:
        """Look at another cluster; at either end there is no further one."""
        self.move_to(max(self.index + by, 0))

    def go_on(self, *, from_here: bool = False) -> None:
        """Look at the next cluster that waits for a decision, after the end from the top again.

        One that waits is undecided, or what the filter asks for: skipped, unsure, not by me. Of
        flagged ones, each is looked at in turn. Stays where it is when none waits.
        """
        self.index = self._next_index(from_here)

    def upcoming(self) -> "Cluster | None":
        """Return the cluster that will be looked at after a decision; None where none waits."""
        index = self._next_index(False)
        return None if index == self.index else self._clusters[self.shown[index]]

    def _next_index(self, from_here: bool) -> int:
        count, start = len(self.shown), self.index if from_here else self.index + 1
        wanted = self.filter.standing
        if wanted == "flagged":
            return max(min(start, count - 1), 0)
        standing: Standing = "undecided" if wanted == "any" else wanted
        for index in itertools.chain(range(start, count), range(min(start, count))):
            if self._stands_as(self.shown[index], standing):
                return index
        return self.index

    def move_to_hit(self, hits: Collection[str], by: Literal[1, -1]) -> bool:
        """Look at the next (1) or last (-1) shown cluster of these, around the end."""
        count = len(self.shown)
        for step in range(1, count + 1):
            index = (self.index + by * step) % count
            if self.shown[index] in hits:
                self.index = index
                return True
        return False


def odds(cluster: "Cluster") -> float:
    """Return the share of members whose seed had another label than is predicted, 0 to 1."""
    known = sum(cluster.seed_labels.values())
    return 1 - cluster.seed_labels.get(cluster.predicted_label, 0) / known if known else 0.0


_SORT_KEYS: Final = {
    "largest": lambda item: (-item.size, item.cluster_id),
    "least certain": lambda item: (
        1.0 if item.confidence is None else item.confidence,
        item.cluster_id,
    ),
    "most at odds": lambda item: (-odds(item), -item.size, item.cluster_id),
    "as clustered": lambda item: (
        item.dataset or "",
        item.predicted_label,
        item.parent_id or item.cluster_id,
        item.cluster_id,
    ),
}
