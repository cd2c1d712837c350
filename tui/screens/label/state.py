"""What the labelling screen knows at the moment, for the widgets that it is composed of.

A key may follow another before anything is drawn. So the widgets change this at once, as soon
as a decision is on disk, and only tell by a message that there is something else to draw.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from tui.screens.label.decisions import Decisions
from tui.screens.label.detail_cache import DetailCache
from tui.screens.label.pace import Pace
from tui.screens.label.views import Change, Detail, DetailKey, Display, LabelWork, PaneName, Place
from tui.screens.label.worklist import Worklist

if TYPE_CHECKING:
    from store.clusters import Cluster


class LabelState:
    """The worklist, how it is shown, what was read of its clusters, and the annotator's pace."""

    def __init__(self) -> None:
        self.work = Worklist()
        self.display = Display()
        self.chosen_member = 0
        self.searched = ""  # what was searched for last
        self.details = DetailCache()
        self.pace = Pace(())
        self.clustering: str | None = None  # that of the clusters; None before they are read
        self.changes = 0  # how often something was decided here

    def begin(self, found: LabelWork) -> None:
        """Take what was read; at first, also in the order in which it was left."""
        is_first = not self.has_clusters
        self.clustering, self.pace, self.details = (
            found.clustering,
            Pace(found.times),
            DetailCache(),
        )
        self.work.replace(
            Decisions(found.clusters, found.states, found.overrides, annotator=found.annotator)
        )
        if is_first:
            self.display = found.place.display
            self.work.sort(found.place.order)
            self.work.narrow(found.place.filter)
            self.work.go_to(found.place.cluster_id)

    @property
    def has_clusters(self) -> bool:
        """Whether there are clusters to label, as far as they have been read."""
        return self.work.decisions.tally.clusters > 0

    def take(self, change: Change) -> None:
        """Take what an action changed."""
        self.changes += 1
        decisions = self.work.decisions
        if change.decided_at is not None:
            self.pace.add(change.decided_at)
        if change.clusters is not None:
            states = {name: state for name, state in change.states.items() if state is not None}
            self.work.replace(
                Decisions(change.clusters, states, change.overrides, annotator=decisions.annotator)
            )
            return
        decisions.take_states(change.states)
        if change.overrides is not None:
            decisions.take_overrides(change.overrides)

    def show_pane(self, pane: PaneName) -> None:
        """Make another pane the active one."""
        self.display = replace(self.display, pane=pane)

    @property
    def patterns(self) -> tuple[str, ...]:
        """What is marked in the texts: the words to highlight, and what was searched for."""
        searched = (self.searched,) if self.searched else ()
        return (*self.display.highlight, *searched)

    def detail_key(self, cluster: "Cluster") -> DetailKey:
        """What has to be read of a cluster to show it in the present way."""
        display = self.display
        return DetailKey(cluster.cluster_id, display.members_order, display.draw, self.patterns)

    @property
    def detail(self) -> Detail | None:
        """What was read of the current cluster."""
        cluster = self.work.current
        return self.details.get(self.detail_key(cluster)) if cluster else None

    def place(self, top_line: int) -> Place:
        """Where the annotator is."""
        cluster = self.work.current
        return Place(
            cluster_id=cluster.cluster_id if cluster else None,
            top_line=top_line,
            order=self.work.order,
            filter=self.work.filter,
            display=self.display,
        )
