"""The labelling screen: one key labels a cluster by its representative and goes on to the next.

Every action waits until it is on disk and only then changes what is seen. Actions are bindings,
which run one after the other, so a fast typist's second key never labels the first cluster.
"""

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final, Literal

from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.reactive import reactive
from textual.widget import Widget

from tui.calls import Calls
from tui.keys import bindings, label_bindings
from tui.messages import ClustersRead, DetailRead
from tui.screens.work import WorkScreen
from tui.views import ClusterQueue, Detail, Labels, LabelView, Snapshot
from tui.widgets.cluster_list import ClusterList
from tui.widgets.empty_state import EmptyState
from tui.widgets.label_bar import LabelBar, Offer
from tui.widgets.members import Members
from tui.widgets.queue_progress import QueueProgress
from tui.widgets.representative import Representative
from tui.wording import describe_action, describe_cluster, describe_outlook

if TYPE_CHECKING:
    from store.clusters import MemberOrder

ORDERS: Final[tuple["MemberOrder", ...]] = ("nearest", "farthest", "random")
Pane = Literal["text", "queue", "members"]


class LabelScreen(WorkScreen):
    """Queue, representative and members side by side, or one at a time where it is narrow."""

    CSS_PATH = "label.tcss"
    SCOPE = "label"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("label"), *label_bindings()]

    queue: reactive[ClusterQueue] = reactive(ClusterQueue(), init=False)
    pane: reactive[Pane] = reactive[Pane]("text")

    def __init__(self, workspace_name: str, calls: Calls, labels: Labels) -> None:
        super().__init__(workspace_name, calls)
        self._labels = labels
        self._order: MemberOrder = "nearest"
        self._draw = 0
        self._clustering: str | None = None
        self._detail_of: str | None = None  # the cluster whose seed and members are shown
        self._list = ClusterList(labels)
        self._text = Representative(labels)
        self._members = Members()
        self._bar = LabelBar(labels)
        self._progress = QueueProgress()
        self._empty = EmptyState("The clusters to label will stand here.")

    def compose_body(self) -> Iterable[Widget]:
        """Three panes, then what the keys will do, then how far the labelling is."""
        yield self._empty
        yield Vertical(
            Horizontal(self._list, self._text, self._members, id="panes"),
            self._bar,
            self._progress,
            id="work",
        )

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Read the clusters again where others are active now."""
        session = self.session
        if session is not None and snapshot.clustering != self._clustering:
            self._clustering = snapshot.clustering
            self.read("clusters", lambda: ClustersRead(session.clusters()))
        self.show_empty(not snapshot.counts.clusters)
        self._empty.display = not snapshot.counts.clusters
        self.query_one("#work").display = bool(snapshot.counts.clusters)
        self._empty.snapshot = snapshot

    def on_clusters_read(self, message: ClustersRead) -> None:
        """Take the clusters; stay at the one that is looked at, else begin at the first left."""
        before = self.queue.current
        queue = ClusterQueue(message.clusters)
        known = queue.at_cluster(before.cluster_id if before else None)
        self.queue = known if before else queue.at_next_undecided(from_here=True)

    def watch_queue(self, before: ClusterQueue, queue: ClusterQueue) -> None:
        """Hand the panes what they show."""
        cluster = queue.current
        self._list.show(queue)
        self._progress.queue = queue
        self._text.place = f"Cluster {queue.index + 1} of {len(queue.clusters)}"
        self._bar.offer = (
            Offer(cluster.size, cluster.predicted_label, cluster.label) if cluster else None
        )
        if (
            cluster is None
            or before.current is None
            or cluster.cluster_id != before.current.cluster_id
        ):
            self._detail_of = None
            self.add_class("-stale")
            self._draw = 0
            self._read_detail()
        self._text.cluster = cluster

    def _read_detail(self) -> None:
        session, cluster = self.session, self.queue.current
        if session is not None and cluster is not None:
            order, draw = self._order, self._draw
            self.read("detail", lambda: DetailRead(session.detail(cluster, order, draw)))

    def on_detail_read(self, message: DetailRead) -> None:
        """Show seed, question and members, unless another cluster is looked at by now."""
        detail, cluster = message.detail, self.queue.current
        if cluster and _answers(detail, cluster.cluster_id, self._order, self._draw):
            self._text.pair = detail.pair
            self._members.detail = detail
            self._detail_of = cluster.cluster_id
            self.remove_class("-stale")

    async def action_label(self, key: str) -> None:
        """Label the cluster by the key of a label; other keys do nothing."""
        label = self._labels.keyed(key)
        if label is not None:
            await self._label(label)

    async def action_confirm(self) -> None:
        """Label the cluster as predicted; in the list, go to the text of the chosen one."""
        if self._is_text_hidden:
            self.pane = "text"
        elif self.queue.current:
            label = self._labels.named(self.queue.current.predicted_label)
            if label.key:
                await self._label(label)
            else:
                self.say(f"{label.name!r} is no label of this task.", is_warning=True)

    @property
    def _is_text_hidden(self) -> bool:
        """Whether the list stands where the text would be."""
        return self.is_narrow and self.pane == "queue"

    async def _label(self, label: LabelView) -> None:
        await self._decide("label", label.name, f"Labelled {label.glyph} {label.name}")

    async def action_skip(self) -> None:
        """Put the cluster off."""
        await self._decide("skip", None, "Skipped")

    async def _decide(self, kind: Literal["label", "skip"], label: str | None, said: str) -> None:
        cluster = self.queue.current
        if self.session is None or cluster is None:
            return
        if self._is_text_hidden:
            self.say("Enter shows the text; decide when you have read it.", is_warning=True)
            return
        decisions = await self.write(partial(self.session.decide, kind, cluster.cluster_id, label))
        if decisions is None:
            return
        self.queue = self.queue.with_decisions(decisions).at_next_undecided()
        self.pane = "text"
        self.say(f"{said}: {describe_cluster(self.queue, cluster)}. {describe_outlook(self.queue)}")

    async def action_undo(self) -> None:
        """Undo the newest action and go to its cluster."""
        await self._turn("undo", "Undid")

    async def action_redo(self) -> None:
        """Do the newest undone action again and go to its cluster."""
        await self._turn("redo", "Did again")

    async def _turn(self, kind: Literal["undo", "redo"], said: str) -> None:
        if self.session is None:
            return
        turned = await self.write(partial(self.session.turn, kind))
        if turned is not None:
            action, decisions = turned
            queue = self.queue.with_decisions(decisions)
            self.queue = queue.at_cluster(action.cluster_id)
            self.pane = "text"
            self.say(f"{said}: {describe_action(self.queue, action, self._labels)}.")

    @property
    def is_settled(self) -> bool:
        """Whether all that belongs to the cluster has been read."""
        current = self.queue.current
        return current is None or self._detail_of == current.cluster_id

    def action_move(self, by: int) -> None:
        """Look at another cluster."""
        self.queue = self.queue.at(max(self.queue.index + by, 0))

    def action_move_to(self, place: int) -> None:
        """Look at the cluster at a place; -1 is the last."""
        self.queue = self.queue.at(place)

    def action_members(self) -> None:
        """Order the members another way; where it is narrow, bring them up first."""
        if self.is_narrow and self.pane != "members":
            self.pane = "members"
        else:
            self._order = ORDERS[(ORDERS.index(self._order) + 1) % len(ORDERS)]
            self._read_detail()

    def action_draw(self) -> None:
        """Show random members, others each time."""
        self._draw += self._order == "random"
        self._order = "random"
        self.pane = "members"
        self._read_detail()

    def action_toggle_origin(self) -> None:
        """Show or hide seed and question."""
        self._text.shows_origin = not self._text.shows_origin

    def action_toggle_queue(self) -> None:
        """Bring the list of clusters up or away, where it is narrow."""
        self.pane = "text" if self.pane == "queue" else "queue"

    def action_show_text(self) -> None:
        """Go back to the representative."""
        self.pane = "text"

    def action_scroll_text(self, pages: int) -> None:
        """Scroll what is read by a page."""
        pane = self._members if self.is_narrow and self.pane == "members" else self._text
        pane.scroll_relative(y=pages * max(pane.size.height - 1, 1), animate=False)

    def watch_pane(self, pane: Pane) -> None:
        """Bring a pane up; style sheets look at this class where it is narrow."""
        for name in ("text", "queue", "members"):
            self.set_class(name == pane, f"-{name}")


def _answers(detail: Detail, cluster_id: str, order: str, draw: int) -> bool:
    return (detail.cluster_id, detail.order, detail.draw) == (cluster_id, order, draw)
