"""How far answers have drifted from their seeds: by group, where, their labels, single pairs."""

from collections.abc import Collection, Iterable
from typing import ClassVar, Final, cast

from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from tui.frame.calls import Calls
from tui.frame.snapshot import Labels, Snapshot
from tui.keys.bindings import bindings
from tui.keys.keymap import Keymap
from tui.screens.drift.group_views import GroupViews
from tui.screens.drift.groups import GroupTable
from tui.screens.drift.messages import PairsFiltered, ScoresRead
from tui.screens.drift.views import VIEWS, Subject, View
from tui.screens.drift.wording import COUNTING, how_to_read
from tui.screens.work_screen import WorkScreen
from tui.widgets.empty_state import EmptyState
from tui.widgets.table import RowClicked
from tui.widgets.view_tabs import ViewChosen, ViewTabs

NOTHING: Final = "Drift figures will appear here once answers have been scored against their seeds."
NO_SEEDS: Final = (
    "Drift is how far an answer is from its seed. Prompts that were invented have no seed, so "
    "there is none here. How varied they are, and what is missing among them, says "
    "`backquery invent --coverage`."
)
PAIR_KEYS: Final = ("exclude", "ask_again")
UNDONE: Final = {"exclude": "left out of training", "include": "taken back into training"}


class DriftScreen(WorkScreen):
    """The groups over one view of the chosen one; either of them where it is narrow."""

    SCOPE = "drift"
    CSS_PATH = "screen.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("drift")]

    def __init__(self, workspace_name: str, calls: Calls, keymap: Keymap, labels: Labels) -> None:
        super().__init__(workspace_name, calls, keymap)
        self._view: View = "scores"
        self._stamp = ""  # of the figures that were asked for last
        self._empty = EmptyState(NO_SEEDS if labels.words.is_pair else NOTHING, keymap, self.SCOPE)
        self._tabs = ViewTabs(VIEWS, self._view)
        self._groups = GroupTable(labels)
        self._views = GroupViews(calls, keymap, labels)
        self._legend = Static(id="legend", markup=False)

    def compose_body(self) -> Iterable[Widget]:
        """Lay the names of the views over groups and a view, and how to read it."""
        return (self._empty, self._tabs, self._groups, self._views, self._legend)

    def on_mount(self) -> None:
        """Say that figures are on their way."""
        self._show()

    def on_resize(self) -> None:
        """Show as much as there is room for."""
        self._show()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Read the figures again where they may have changed."""
        self._empty.snapshot = snapshot
        desks, stamp = self.desks, snapshot.figures
        if desks is not None and stamp != self._stamp:
            self._stamp = stamp
            self.read("scores", lambda: ScoresRead(stamp, desks.drift.scores()))

    def on_scores_read(self, message: ScoresRead) -> None:
        """Show the scores, unless newer ones are on their way."""
        if message.stamp == self._stamp:
            self._groups.scores = message.scores
            self._follow()

    def on_pairs_filtered(self, message: PairsFiltered) -> None:
        """Show the pairs that are left."""
        message.stop()
        self._choose("pairs")

    def _follow(self) -> None:
        """Let the views be about the chosen group."""
        scores, group, desks = self._groups.scores, self._groups.choice, self.desks
        if scores and scores.config_hash and group and desks:
            subject = Subject(desks.drift, self._stamp, scores.config_hash, group)
            self._views.subject = subject
        self._show()

    def _choose(self, view: View) -> None:
        self._view = view
        self._show()

    def _show(self) -> None:
        """Show as much as there is room for."""
        scores, view, is_wide = self._groups.scores, self._view, not self.is_narrow
        is_empty = self._groups.choice is None
        self.show_empty(is_empty)
        self._empty.display = is_empty and scores is not None
        self._groups.is_wide = is_wide
        is_whole = view == "map"  # which wants all the room there is
        self._groups.display = not is_empty and (view == "scores" or (is_wide and not is_whole))
        self._views.display = not is_empty and (is_wide or view != "scores")
        self._views.current = "spread" if view == "scores" else view
        self._tabs.display = not is_empty
        self._tabs.views = VIEWS[1:] if is_wide else VIEWS
        self._tabs.current = self._views.current if is_wide else view
        self._legend.display = scores is None or not is_empty
        answers = self.snapshot.counts.answers if self.snapshot else None
        text = COUNTING if scores is None or is_empty else how_to_read(view, scores, answers)
        self._legend.update(Content(text))

    def action_move(self, by: int) -> None:
        """Choose another group, or another pair; scroll what has no groups."""
        if not self._views.move(by):
            self._groups.move(by)
            self._follow()

    def keys_without_effect(self) -> Collection[str]:
        """What is for a pair, unless pairs are shown."""
        return () if self._views.are_pairs_shown and self._views.display else PAIR_KEYS

    async def on_row_clicked(self, message: RowClicked) -> None:
        """Choose the group that was clicked, whatever view lies below."""
        if message.table is self._groups and message.row != self._groups.chosen:
            message.stop()
            self._groups.chosen = message.row
            self._follow()
        else:
            await super().on_row_clicked(message)

    def on_view_chosen(self, message: ViewChosen) -> None:
        """Show the view whose name was clicked."""
        self._choose(cast(View, message.view))

    def action_view(self, by: int) -> None:
        """Show a view beside this one, around the ends."""
        self._choose(cast(View, self._tabs.beside(by)))

    def action_turn(self, by: int) -> None:
        """On the map, choose the cluster to the left or right."""
        if self._views.is_map_shown:
            self._views.map.move("right" if by > 0 else "left")

    def action_colour(self) -> None:
        """Show the map; there, colour it by something else."""
        if self._views.is_map_shown:
            self._views.map.colour_next()
        else:
            self._choose("map")

    def action_zoom(self) -> None:
        """Show only the predicted label of the chosen cluster on the map, or all again."""
        if self._views.is_map_shown:
            self._views.map.zoom()

    def action_show_scores(self) -> None:
        """Go back to the scores; from the pairs of a cluster, to the map."""
        is_of_cluster = self._views.are_pairs_shown and self._views.pairs.cluster is not None
        self._views.pairs.cluster = None
        self._choose("map" if is_of_cluster else "scores")

    def action_compare(self) -> None:
        """Compare other texts: where drift happens."""
        self._groups.compare_next()
        self._follow()

    def action_order(self) -> None:
        """Order the pairs in another way, and show them."""
        self._views.pairs.order_next()
        self._choose("pairs")

    def action_filter(self) -> None:
        """Show only pairs whose answer has a text."""
        self._views.pairs.ask_filter()

    def action_open(self) -> None:
        """Show the pairs of the group; among them, and on the map, open one."""
        if self._views.are_pairs_shown:
            self._views.pairs.open()
            return
        if self._views.is_map_shown:
            drawn = self._views.map
            self._views.pairs.open_nearest(drawn.chosen_cluster, drawn.nearest_answers)
        self._choose("pairs")

    async def action_exclude(self) -> None:
        """Leave the chosen pair out of training, or take it back in."""
        if self._views.are_pairs_shown:
            await self._views.pairs.exclude()

    async def action_ask_again(self) -> None:
        """Leave the chosen pair out, and have its seed asked about again by the next run."""
        if self._views.are_pairs_shown:
            await self._views.pairs.ask_again()

    async def action_undo(self) -> None:
        """Undo the annotator's newest action, whatever it was, and read the pairs again."""
        desks = self.desks
        action = await self.write(desks.drift.undo) if desks is not None else None
        if action is not None:
            self._views.pairs.read()
            self.say(f"Undid: {UNDONE.get(action.kind, action.kind)}.")
