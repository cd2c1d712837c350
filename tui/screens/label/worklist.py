"""The clusters that are shown, in their order, and the current one among them.

The order and the filter are kept here and nowhere else.
"""

import itertools
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Literal

from tui.screens.label.decisions import Decisions
from tui.screens.label.filters import SORT_KEYS, Filter, Order, SortKey, Standing
from tui.services.suggestions import Suggestions

if TYPE_CHECKING:
    from store.clusters import Cluster


class Worklist:
    """A queue through `decisions`. Only a change of order or filter goes through all clusters."""

    def __init__(self, decisions: Decisions | None = None) -> None:
        self.decisions = decisions or Decisions()
        self.order: Order = "largest"
        self.filter = Filter()
        self.matching: Collection[str] | None = None  # clusters that have the filter's text
        self.shown = [cluster.cluster_id for cluster in self.decisions.clusters]
        self.index = 0
        self.suggestions = Suggestions()
        self._uses: dict[str, int] = {}  # the place of a cluster among the suggested ones

    @property
    def current(self) -> "Cluster | None":
        """The current cluster; None if none is shown."""
        return self.decisions.cluster(self.shown[self.index]) if self.shown else None

    def clusters(self) -> "list[Cluster]":
        """The clusters that are shown, in their order."""
        return [self.decisions.cluster(cluster_id) for cluster_id in self.shown]

    def replace(self, decisions: Decisions) -> None:
        """Take other clusters or decisions, in the same order and filter; stay at the current."""
        here = self.current
        self.decisions = decisions
        self.decisions.to_split = self.suggestions.splits.keys()
        self._arrange(here)

    def sort(self, order: Order) -> None:
        """Show the clusters in an order; stay at the current one."""
        self.order = order
        self._arrange(self.current)

    def narrow(self, chosen: Filter, matching: Collection[str] | None = None) -> None:
        """Show the clusters that a filter leaves in; stay at the current one.

        `matching` are the clusters that have the filter's text; None where it has none.
        """
        self.filter, self.matching = chosen, matching
        self._arrange(self.current)

    def _arrange(self, here: "Cluster | None") -> None:
        found = self.passing(self.filter, self.matching)
        found.sort(key=SORT_KEYS.get(self.order, self._by_use))
        self.shown = [cluster.cluster_id for cluster in found]
        self.index = 0
        self.go_to(here.cluster_id if here is not None else None)

    def suggest(self, suggestions: Suggestions) -> None:
        """Take what to decide next; where that is the order, put what is undecided into it.

        The current cluster and those that are decided keep their places: nothing moves while the
        user reads it.
        """
        self.suggestions = suggestions
        self._uses = {name: place for place, name in enumerate(suggestions.margins)}
        self.decisions.to_split = suggestions.splits.keys()
        if self.order != "most useful":
            return
        places = [
            place
            for place, name in enumerate(self.shown)
            if place != self.index and self.decisions.kind(name) is None
        ]
        waiting = [self.decisions.cluster(self.shown[place]) for place in places]
        waiting.sort(key=self._by_use)
        for place, cluster in zip(places, waiting, strict=True):
            self.shown[place] = cluster.cluster_id

    def _by_use(self, cluster: "Cluster") -> SortKey:
        """What waits comes first, the most useful of it on top; the rest largest first."""
        name = cluster.cluster_id
        is_decided = self.decisions.kind(name) is not None
        use = self._uses.get(name, len(self._uses))
        return (is_decided, 0 if is_decided else use, -cluster.size, name)

    def passing(self, chosen: Filter, matching: Collection[str] | None) -> "list[Cluster]":
        """The clusters that a filter leaves in, in no order; `matching` as in `narrow`."""
        passes = self.decisions.passes
        return [
            cluster
            for cluster in self.decisions.clusters
            if (matching is None or cluster.cluster_id in matching) and passes(cluster, chosen)
        ]

    def go_to(self, cluster_id: str | None) -> bool:
        """Make a cluster the current one; return whether it is shown."""
        try:
            self.index = self.shown.index(cluster_id or "")
        except ValueError:
            return False
        return True

    def reveal(self, cluster_id: str) -> bool:
        """Go to a cluster, and show all if the filter hides it; return whether there is one."""
        if cluster_id not in self.decisions:
            return False
        if not self.go_to(cluster_id):
            self.narrow(Filter())
            self.go_to(cluster_id)
        return True

    def move_to(self, index: int) -> None:
        """Go to a place, or to the nearest one there is; -1 is the last."""
        last = len(self.shown) - 1
        self.index = max(last if index == -1 else min(index, last), 0)

    def move(self, by: int) -> None:
        """Go to another cluster; at either end there is no further one."""
        self.move_to(max(self.index + by, 0))

    def go_on(self, *, from_here: bool = False) -> None:
        """Go to the next cluster that waits for a decision, after the end from the top again.

        In the order "most useful" it is the first of all that wait. One that waits is undecided,
        or what the filter asks for: skipped, unsure, not by me. Of labelled or marked ones, each
        has its turn. Stays where it is if none waits.
        """
        self.index = self._next_index(from_here)

    def upcoming(self) -> "Cluster | None":
        """The cluster that comes after a decision; None if none waits."""
        index = self._next_index(False)
        return None if index == self.index else self.decisions.cluster(self.shown[index])

    def _next_index(self, from_here: bool) -> int:
        count, start = len(self.shown), self.index if from_here else self.index + 1
        if self._has_each_its_turn:
            return max(min(start, count - 1), 0)
        places: Iterable[int] = itertools.chain(range(start, count), range(min(start, count)))
        if self.order == "most useful":
            places = (place for place in range(count) if from_here or place != self.index)
        return next((place for place in places if self._waits(self.shown[place])), self.index)

    @property
    def _has_each_its_turn(self) -> bool:
        chosen = self.filter
        is_for_labelled = chosen.standing == "labelled" or chosen.label is not None
        return chosen.marked != "any" or (is_for_labelled and not chosen.not_by_me)

    def _waits(self, cluster_id: str) -> bool:
        chosen = self.filter
        if chosen.not_by_me:
            return not self.decisions.is_by_me(cluster_id)
        wanted: Standing = "undecided" if chosen.standing == "any" else chosen.standing
        return self.decisions.has_standing(cluster_id, wanted)

    def move_to_hit(self, hits: Collection[str], by: Literal[1, -1]) -> bool:
        """Go to the next (1) or last (-1) shown cluster of these, around the end."""
        count = len(self.shown)
        for step in range(1, count + 1):
            index = (self.index + by * step) % count
            if self.shown[index] in hits:
                self.index = index
                return True
        return False
