"""What the labelling screen shows: clusters, what lies behind the one looked at, the pace.

It reads and draws; what keys do is in `labelmoves`, `labeltalks` and `label`.
"""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final, cast

from textual.containers import Vertical
from textual.reactive import reactive
from textual.timer import Timer
from textual.widget import Widget

from tui.frame import collector
from tui.frame.calls import Calls
from tui.frame.messages import DetailRead, WorkRead
from tui.frame.snapshot import Change, Detail, Labels, LabelWork, Snapshot
from tui.keys.keymap import Keymap
from tui.screens.label.bar import LabelBar, Offer
from tui.screens.label.detail_cache import DetailKey, DetailShelf
from tui.screens.label.pace import Pace
from tui.screens.label.panes import LabelPanes
from tui.screens.label.place import LabelMemory
from tui.screens.label.progress import LabelProgress
from tui.screens.label.worklist import Worklist
from tui.screens.work_screen import WorkScreen
from tui.widgets.empty_state import EmptyState

if TYPE_CHECKING:
    from store.clusters import Cluster, MemberOrder
    from tui.screens.label.desk import LabelDesk

MEMBER_ORDERS: Final = ("nearest", "farthest", "random", "least-confident")
PAUSE_S: Final = 0.1
BLIND_MEMBER_ORDERS: Final = MEMBER_ORDERS[:-1]


class LabelBase(WorkScreen):
    """Queue, representative and members side by side, or one at a time where it is narrow."""

    SCOPE = "label"

    desk: "reactive[LabelDesk | None]" = reactive(None, init=False)

    def __init__(self, workspace_name: str, calls: Calls, keymap: Keymap, labels: Labels) -> None:
        super().__init__(workspace_name, calls, keymap)
        self.labels = labels
        self.work = Worklist()
        self.look = LabelMemory()
        self.panes = LabelPanes(labels, keymap)
        self._pace = Pace(())
        self._annotator = ""
        self._clustering: str | None = None
        self._shelf = DetailShelf()
        self.matching: set[str] | None = None  # clusters that have the filter's text
        self.searched = ""  # what was searched for last
        self.hits: set[str] = set()
        self._pause: Timer | None = None
        self._changes = 0  # how often something was decided here
        self._bar = LabelBar(labels, keymap)
        self._progress = LabelProgress()
        self._empty = EmptyState("The clusters to label will stand here.", keymap)

    def compose_body(self) -> Iterable[Widget]:
        """Three panes, then what the keys will do, then how far the labelling is."""
        yield self._empty
        yield Vertical(self.panes, self._bar, self._progress, id="work")

    def on_mount(self) -> None:
        """Show that the workspace is being opened."""
        self._show_work(False)

    def watch_desk(self) -> None:
        """Read the clusters as soon as the workspace is open."""
        self.read_work()

    def read_work(self) -> None:
        """Read the clusters and all decisions again: other screens decide too."""
        desk, changes = self.desk, self._changes
        if desk is not None:
            self.read("work", lambda: WorkRead(desk.open(), changes))

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Read the clusters again where others are active now."""
        if self._clustering not in (None, snapshot.clustering):
            self._clustering = snapshot.clustering
            self.read_work()
        if not snapshot.counts.clusters:
            self._empty.snapshot = snapshot
        self._show_work(bool(snapshot.counts.clusters))

    def _show_work(self, is_there: bool) -> None:
        self.show_empty(not is_there)
        self._empty.display = not is_there
        self.query_one("#work").display = is_there

    async def on_work_read(self, message: WorkRead) -> None:
        """Take the clusters; stay at the one that is looked at, else go where the person was."""
        found: LabelWork = message.work
        if message.changes != self._changes:  # something was decided while it was being read
            self.read_work()
            return
        self._clustering = found.clustering
        if not found.clusters:
            return
        self._show_work(True)
        is_first = not self.work.tally.clusters
        here = self.work.current
        if is_first:
            self.look = found.memory
        self._annotator, self._pace = found.annotator, Pace(found.times)
        self._shelf = DetailShelf()
        collector.spare()
        self._put(found)
        await self.find_matching()
        wanted = here.cluster_id if here else self.look.cluster_id
        if not self.work.look_at(wanted):
            self.work.go_on(from_here=True)
        self.make_room()
        self.show()
        if is_first and self.look.cluster_id == wanted:
            self.call_after_refresh(self.panes.scroll_text_to, found.memory.top_line)
        self.go_where_wanted()

    def go_where_wanted(self) -> None:
        """Look at the cluster that another screen named, now that the clusters are read."""
        raise NotImplementedError

    def _put(self, found: LabelWork | Change) -> None:
        """Begin anew with these clusters, in the order and filter that are set."""
        work = Worklist(
            found.clusters or (),
            {name: state for name, state in found.states.items() if state is not None},
            found.overrides,
            annotator=self._annotator,
        )
        work.arrange(self.look.order, self.look.filter, self.matching)
        self.work = work

    def on_resize(self) -> None:
        """Give the label bar the lines it needs."""
        self.make_room()

    def make_room(self) -> None:
        """Give the label bar the lines that its longest text needs."""
        largest = max((cluster.size for cluster in self.work.clusters()), default=0)
        longest = max((view.name for view in self.labels.views), key=len, default="")
        predicted = None if self.look.is_blind else longest
        reach = self._reach(largest) - 1 if self._reach(largest) < largest else largest
        self._bar.make_room(Offer(largest, reach, predicted, None), self.size.width - 2)

    def _reach(self, size: int) -> int:
        return self.desk.reach(size) if self.desk else size

    def show(self) -> None:
        """Draw everything for the cluster that is looked at, and read what lies behind it."""
        cluster = self.work.current
        detail = self._shelf.get(self._key(cluster)) if cluster else None
        self.panes.show(self.work, self.look, detail, annotator=self._annotator)
        self.panes.activate(self.look.pane)
        self._progress.show(self.work.tally, self._pace.keys, self._pace.median_s)
        if cluster is None:
            self._bar.offer = None
            return
        state = self.work.state(cluster.cluster_id)
        predicted = None if self.look.is_blind else cluster.predicted_label
        label = state.label if state else None
        self._bar.offer = Offer(cluster.size, self._reach(cluster.size), predicted, label)
        if detail is None:
            self._read_soon(cluster, "detail")

    def _key(self, cluster: "Cluster") -> DetailKey:
        look = self.look
        return cluster.cluster_id, look.members_order, look.draw, self.patterns

    def _read_soon(self, cluster: "Cluster", group: str) -> None:
        """Read what lies behind a cluster unless a key comes before: a key must not wait."""
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(PAUSE_S, partial(self._read_detail, cluster, group))

    def _read_detail(self, cluster: "Cluster", group: str) -> None:
        desk, key = self.desk, self._key(cluster)
        if desk is not None:
            order = cast("MemberOrder", key[1])
            self.read(group, lambda: DetailRead(desk.detail(cluster, order, *key[2:])))

    def on_detail_read(self, message: DetailRead) -> None:
        """Show seed, question and members; then read those of the cluster that comes next."""
        detail = message.detail
        self._shelf.put(detail)
        current = self.work.current
        if current is None or current.cluster_id != detail.cluster_id:
            return
        self.show()
        upcoming = self.work.upcoming()
        if upcoming is not None and self._shelf.get(self._key(upcoming)) is None:
            self._read_soon(upcoming, "upcoming detail")

    @property
    def detail(self) -> Detail | None:
        """What was read of the cluster that is looked at."""
        cluster = self.work.current
        return self._shelf.get(self._key(cluster)) if cluster else None

    @property
    def is_settled(self) -> bool:
        """Whether all that belongs to the cluster has been read."""
        return self.work.current is None or self.detail is not None

    def change_look(self, **changes: Any) -> None:
        """Look at things in another way, and draw them."""
        self.look = replace(self.look, **changes)
        self.show()

    @property
    def patterns(self) -> tuple[str, ...]:
        """What is marked in the texts: the words of the person, and what was searched for."""
        searched = (self.searched,) if self.searched else ()
        return (*self.look.highlight, *searched)

    async def find_matching(self) -> bool:
        """Find the clusters that have the filter's text; return whether it can be searched for.

        Those that have it in a member come later.
        """
        raise NotImplementedError

    def take(self, change: Change) -> None:
        """Put what an action changed in the place of what was."""
        self._changes += 1
        if change.decided_at is not None:
            self._pace.add(change.decided_at)
        if change.clusters is not None:
            here = self.work.current
            self._put(change)
            self.work.look_at(here.cluster_id if here else None)
            return
        self.work.take_states(change.states)
        self.work.take_decisions(change.decisions, change.annotator)
        if change.overrides is not None:
            self.work.take_overrides(change.overrides)

    def on_unmount(self) -> None:
        """Keep where the person is; the database may be closed by now, the folder is there."""
        if self.desk is not None and self.work.tally.clusters:
            self.desk.remember(self.place)

    @property
    def place(self) -> LabelMemory:
        """Where the person is."""
        cluster = self.work.current
        return replace(
            self.look,
            cluster_id=cluster.cluster_id if cluster else None,
            top_line=self.panes.top_line,
        )
