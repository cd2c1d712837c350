"""Loop: what deployed guards do over time, and what their rows teach the next detector."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import ClassVar, cast

from textual.binding import BindingType
from textual.widget import Widget
from textual.widgets import Static

from tui.frame.calls import Calls
from tui.frame.messages import ClusterWanted
from tui.frame.snapshot import Labels, Snapshot
from tui.keys.bindings import bindings
from tui.keys.keymap import Keymap
from tui.screens.dialogs.page import Page
from tui.screens.loop.corrections.dialog import CorrectionsDialog
from tui.screens.loop.labelled import LabelledViews
from tui.screens.loop.messages import MembersRead, OverTimeRead
from tui.screens.loop.over_time import OverTimeView
from tui.screens.loop.patterns import describe_members
from tui.screens.loop.views import GROUPS, LENGTHS, VIEWS, Choice, OverTime, View, following
from tui.screens.loop.wording import (
    COUNTING,
    HOW_TO_READ,
    HOW_TO_READ_BRIEFLY,
    NOTHING,
    describe_plain,
)
from tui.screens.work_screen import WorkScreen
from tui.services.inert import one_line
from tui.widgets.empty_state import EmptyState
from tui.widgets.view_tabs import ViewChosen, ViewTabs


class LoopScreen(WorkScreen):
    """A view of a dataset of production; what to import before there is one."""

    SCOPE = "loop"
    CSS_PATH = "screen.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("loop")]

    def __init__(self, workspace_name: str, calls: Calls, keymap: Keymap, labels: Labels) -> None:
        super().__init__(workspace_name, calls, keymap)
        self._calls = calls
        self._stamp = ""  # of the figures that were asked for last
        self._decided: object = None  # when what follows from labels was read last
        self._view: View = "time"
        self._tabs = ViewTabs(VIEWS, self._view)
        self._labelled = LabelledViews(calls, labels)
        self._choice = Choice()
        self._read: OverTime | None = None
        self._empty = EmptyState(NOTHING, keymap, self.SCOPE)
        self._over_time = OverTimeView(calls, keymap)
        self._legend = Static(COUNTING, id="legend", markup=False)

    def compose_body(self) -> Iterable[Widget]:
        """Lay the chart and its table over how to read them."""
        return (self._empty, self._tabs, self._over_time, self._labelled, self._legend)

    def on_mount(self) -> None:
        """Say that figures are on their way."""
        self._show()

    def on_resize(self) -> None:
        """Say as much as there is room for."""
        self._show()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Read the figures again where they may have changed."""
        self._empty.snapshot = snapshot
        if self.desks is not None:
            self._over_time.desk = self.desks.loop
        stamp = f"{snapshot.figures}:{snapshot.counts.samples}"
        if self.desks is not None and stamp != self._stamp:
            self._stamp = stamp
            self._ask()
        decided = stamp, snapshot.counts.decisions, snapshot.clustering, snapshot.elsewhere
        if self.desks is not None and decided != self._decided:
            self._decided = decided
            self._ask_for_labelled()

    def _ask_for_labelled(self) -> None:
        desks, read = self.desks, self._read
        if desks is not None and read is not None and read.datasets:
            self._labelled.read(desks.loop, self._dataset(read))

    def _dataset(self, read: OverTime) -> str:
        """The chosen dataset; the first if it is not there."""
        chosen = self._choice.dataset
        return chosen if chosen in read.datasets else read.datasets[0]

    def _ask(self) -> None:
        desks, stamp, choice = self.desks, self._stamp, self._choice
        if desks is not None:
            self.read(
                "over time", lambda: OverTimeRead(stamp, choice, desks.loop.over_time(choice))
            )

    def on_over_time_read(self, message: OverTimeRead) -> None:
        """Show the figures, unless others are on their way."""
        if (message.stamp, message.choice) == (self._stamp, self._choice):
            self._read = message.over_time
            self._ask_for_labelled()
            self._show()

    def _show(self) -> None:
        read = self._read
        found = read.found if read else None
        is_labelled = self._view != "time" and read is not None and bool(read.datasets)
        is_empty = not is_labelled and found is None
        self.show_empty(is_empty)
        self._tabs.display = read is not None and bool(read.datasets)
        self._tabs.current = self._view
        self._empty.display = read is not None and is_empty
        self._over_time.display = found is not None and not is_labelled
        self._over_time.found = found
        self._labelled.display = is_labelled
        self._labelled.is_narrow = self.is_narrow
        self._legend.display = read is None or self._over_time.display
        how = HOW_TO_READ_BRIEFLY if self.is_narrow else HOW_TO_READ
        self._legend.update(COUNTING if read is None else how)
        if read is not None and found is None:
            self._empty.text = NOTHING + describe_plain(read.plain)

    def keys_without_effect(self) -> Collection[str]:
        """What is for several datasets or groups, where there are none."""
        found, read = self._over_time.found, self._read
        without = self._labelled.without_effect(has_groups=bool(found and found.groups))
        datasets = () if read is None else read.logged if self._view == "time" else read.datasets
        return without if len(datasets) > 1 else [*without, "dataset"]

    def on_view_chosen(self, message: ViewChosen) -> None:
        """Show the view whose name was clicked."""
        self._view = self._labelled.current = cast(View, message.view)
        self._ask_for_labelled()
        self._show()

    def action_view(self, by: int) -> None:
        """Show a view beside this one, around the ends."""
        self.post_message(ViewChosen(self._tabs.beside(by)))

    def action_move(self, by: int) -> None:
        """Choose another period, pattern or changed text."""
        (self._over_time if self._view == "time" else self._labelled).move(by)

    def action_turn(self, by: int) -> None:
        """Choose another version, category or guard; another sample; another pair."""
        (self._over_time if self._view == "time" else self._labelled).turn(by)

    def action_next_length(self) -> None:
        """Take longer periods, or shorter ones."""
        self._choose(replace(self._choice, by=following(self._choice.by, LENGTHS)))

    def action_next_group(self) -> None:
        """Take records together in another way."""
        self._choose(replace(self._choice, group=following(self._choice.group, GROUPS)))

    def action_next_dataset(self) -> None:
        """Show the next dataset."""
        if self._view != "time" and self._read is not None and self._read.datasets:
            names = self._read.datasets
            self._choose(replace(self._choice, dataset=following(self._dataset(self._read), names)))
        elif self._read is not None and self._read.found is not None:
            dataset = following(self._read.found.dataset, self._read.logged)
            self._choose(replace(self._choice, dataset=dataset))

    def _choose(self, choice: Choice) -> None:
        self._choice = choice
        self._over_time.note(COUNTING)
        self._ask()

    def action_open(self) -> None:
        """Show what was flagged in the chosen period, the rows of a pattern, or a text."""
        if self._view == "time":
            self._over_time.open()
        else:
            self._open_labelled()

    def _open_labelled(self) -> None:
        pattern, desks = self._labelled.patterns.chosen, self.desks
        if self._view != "patterns":
            if (page := self._labelled.page) is None:
                self.say("There is nothing to open.", is_warning=True)
            else:
                self.app.push_screen(Page(*page, self.keymap))
        elif pattern is not None and desks is not None:
            self.read("members", lambda: MembersRead(pattern, desks.loop.members(pattern)))

    def on_members_read(self, message: MembersRead) -> None:
        """Show the rows over the screen."""
        text = describe_members(message.pattern, message.members)
        self.app.push_screen(Page(one_line(message.pattern.name, 60), text, self.keymap))

    def action_label(self) -> None:
        """Go to the chosen pattern where clusters are labelled."""
        pattern = self._labelled.patterns.chosen if self._view == "patterns" else None
        if pattern is None:
            self.say("There is no pattern to label.", is_warning=True)
        else:
            self.post_message(ClusterWanted(pattern.cluster_id, then_split=False))

    def action_measure(self) -> None:
        """Measure how the texts changed, after asking."""
        if self._over_time.display:
            self._over_time.measure()

    def action_corrections(self) -> None:
        """Show the corrections of flagged answers over the screen."""
        if (found := self._over_time.found) is not None and self.desks is not None:
            desk = self.desks.corrections
            self.app.push_screen(CorrectionsDialog(found.dataset, desk, self._calls, self.keymap))
