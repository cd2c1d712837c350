"""The labelling screen: clusters to be labelled by their representatives.

Its widgets lie within one another, and keys go outwards, from the browser, which has the focus,
to the labeller, the finder and the screen. All share one `Labelling`; whoever changes its state
asks the screen to draw it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import ContentSwitcher

from tui.frame import collector
from tui.frame.calls import Calls
from tui.frame.messages import ClusterWanted
from tui.frame.opening import OpenWorkspace
from tui.frame.snapshot import Labels, Snapshot
from tui.keys.keymap import Keymap
from tui.screens.label.browser import ClusterBrowser
from tui.screens.label.finder import ClusterFinder
from tui.screens.label.labeller import ClusterLabeller
from tui.screens.label.labelling import Labelling
from tui.screens.label.messages import LearnedRead, WorkRead
from tui.screens.label.quality import QualityLine
from tui.screens.label.wording import describe_beginning
from tui.screens.label.written import written_queue
from tui.screens.work_screen import WorkScreen
from tui.services.tables import WrittenTable
from tui.widgets.empty_state import EmptyState

if TYPE_CHECKING:
    from tui.screens.label.desk import LabelDesk
    from tui.screens.label.views import LabelWork, PaneName

BEYOND: "Final[Mapping[PaneName, tuple[str, ...]]]" = {"queue": ("left",), "members": ("right",)}


class LabelScreen(WorkScreen):
    """Reads the clusters, or shows that there are none, and keeps the annotator's place."""

    SCOPE = "label"
    CSS_PATH = "screen.tcss"
    AUTO_FOCUS = "ClusterBrowser"

    workspace: reactive[OpenWorkspace | None] = reactive(None, init=False)

    def __init__(self, workspace_name: str, calls: Calls, keymap: Keymap, labels: Labels) -> None:
        super().__init__(workspace_name, calls, keymap)
        self.labelling = Labelling(self, calls, keymap, labels)
        self._wanted: ClusterWanted | None = None
        self._has_work = False
        self._browser = ClusterBrowser(self.labelling)
        self._labeller = ClusterLabeller(self.labelling, self._browser)
        self._quality = QualityLine(self.labelling)
        self._finder = ClusterFinder(self.labelling, self._labeller, self._quality)
        self._finder.id = "work"
        self._empty = EmptyState("The clusters to label will appear here.", keymap, self.SCOPE)
        self._empty.id = "empty"

    def compose_body(self) -> Iterable[Widget]:
        """Lay out the clusters, or what to do where there are none."""
        yield ContentSwitcher(
            self._empty, self._finder, initial="work" if self._has_work else "empty"
        )

    async def watch_workspace(self, workspace: OpenWorkspace | None) -> None:
        """Read the clusters as soon as the workspace is open."""
        if workspace is not None:
            self.labelling.desk = await self.write(lambda: _make_desk(workspace))
            self.read_work()

    def read_work(self) -> None:
        """Read the clusters and all decisions again: other screens decide too."""
        desk, changes = self.labelling.desk, self.labelling.state.changes
        if desk is not None:
            self.read("work", lambda: WorkRead(desk.open(), changes))

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Read the clusters again if others are active now, or another process has written."""
        state = self.labelling.state
        known, now = (state.clustering, state.elsewhere), (snapshot.clustering, snapshot.elsewhere)
        if state.clustering is not None and known != now:
            state.clustering, state.elsewhere = now
            self.read_work()
        if not snapshot.counts.clusters:
            self._empty.snapshot = snapshot
        self._show_work(bool(snapshot.counts.clusters))

    def _show_work(self, is_there: bool) -> None:
        self._has_work = is_there
        self.show_empty(not is_there)
        for switcher in self.query(ContentSwitcher):  # none before the screen is composed
            switcher.current = "work" if is_there else "empty"

    async def on_work_read(self, message: WorkRead) -> None:
        """Take the clusters; stay at the current one, or at first go where the annotator was."""
        state, found = self.labelling.state, message.work
        if message.changes != state.changes:  # something was decided while it was being read
            self.read_work()
            return
        state.clustering, state.elsewhere = found.clustering, found.elsewhere
        if not found.clusters:
            self._show_work(False)
            return
        self._show_work(True)
        is_first, here = not state.has_clusters, state.work.current
        wanted = here.cluster_id if here else found.place.cluster_id
        state.begin(found)
        collector.spare()
        await self._finder.filtering.search_again()
        if not state.work.go_to(wanted):
            state.work.go_on(from_here=True)
        elif is_first:
            self.call_after_refresh(self._browser.panes.scroll_text_to, found.place.top_line)
        if is_first and not state.pace.keys:
            self.say(self._describe_beginning(found))
        self._labeller.show()
        self._go_where_wanted()
        if is_first:
            self._quality.read_again()

    def _describe_beginning(self, found: "LabelWork") -> str:
        words, current = self.labelling.labels.words, self.labelling.state.work.current
        is_learned = found.learned is not None and (current is None or current.told is None)
        return describe_beginning(self.keymap, words, is_learned=is_learned)

    def read_learned(self) -> None:
        """Read what was learned from the decisions."""
        desk = self.labelling.desk
        if desk is not None and self.labelling.state.has_clusters:
            count = desk.learning.count_by_cluster
            self.read("learned", lambda: LearnedRead(count() or {}))
            self._quality.read_again()

    def on_learned_read(self, message: LearnedRead) -> None:
        """Show what was learned; what is shown of members is read again."""
        self.labelling.state.take_learned(message.learned)
        self._browser.read_again()
        self._labeller.show()

    def written_tables(self) -> Sequence[WrittenTable]:
        """The queue, as it is filtered and ordered now."""
        state = self.labelling.state
        if not state.work.shown:
            return ()
        guessed, is_blind = self.labelling.labels.words.guessed_as, state.display.is_blind
        return (written_queue(state.work, "clusters", guessed, is_blind=is_blind),)

    def keys_without_effect(self) -> Collection[str]:
        """Going to a pane beyond the last one; unfolding what the task does not have."""
        unhinted = self.labelling.labels.words.unhinted
        return (*BEYOND.get(self.labelling.state.display.pane, ()), unhinted)

    def on_view_changed(self) -> None:
        """Draw what has changed."""
        self._labeller.show()

    def go_to(self, wanted: ClusterWanted) -> None:
        """Go to a cluster that another screen names, once the clusters are read."""
        self._wanted = wanted
        if self.labelling.state.has_clusters:
            self._go_where_wanted()

    def _go_where_wanted(self) -> None:
        """Go to the cluster that was named; a filter that hides it is taken off."""
        wanted, self._wanted = self._wanted, None
        if wanted is None:
            return
        if not self.labelling.state.work.reveal(wanted.cluster_id):
            self.say("That cluster is no longer in the list: it was split.", is_warning=True)
            return
        self.labelling.state.show_pane("text")
        self._labeller.show()
        if wanted.then_split:
            self.call_later(self._labeller.action_split)

    def on_unmount(self) -> None:
        """Keep the annotator's place; the database may be closed by now, the folder is there."""
        desk = self.labelling.desk
        if desk is not None and self.labelling.state.has_clusters:
            desk.remember(self.labelling.state.place(self._browser.panes.top_line))


def _make_desk(workspace: OpenWorkspace) -> "LabelDesk":
    from tui.screens.label.desk import LabelDesk  # in a thread: DuckDB comes with it

    return LabelDesk(workspace)
