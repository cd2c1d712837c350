"""Loop: what deployed guards do over time, and what their rows teach the next detector."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import ClassVar, TypeVar

from textual.binding import BindingType
from textual.widget import Widget
from textual.widgets import Static

from tui.frame.calls import Calls
from tui.frame.snapshot import Snapshot
from tui.keys.bindings import bindings
from tui.keys.keymap import Keymap
from tui.screens.dialogs.page import Page
from tui.screens.loop.messages import FlaggedRead, OverTimeRead
from tui.screens.loop.over_time import OverTimeView
from tui.screens.loop.views import GROUPS, LENGTHS, Choice, OverTime
from tui.screens.loop.wording import (
    COUNTING,
    HOW_TO_READ,
    HOW_TO_READ_BRIEFLY,
    NOTHING,
    describe_flagged,
    describe_plain,
    title_of,
)
from tui.screens.work_screen import WorkScreen
from tui.widgets.empty_state import EmptyState

T = TypeVar("T")


class LoopScreen(WorkScreen):
    """Interventions over time, or what to import before there is a log."""

    SCOPE = "loop"
    CSS_PATH = "screen.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("loop")]

    def __init__(self, workspace_name: str, calls: Calls, keymap: Keymap) -> None:
        super().__init__(workspace_name, calls, keymap)
        self._stamp = ""  # of the figures that were asked for last
        self._choice = Choice()
        self._read: OverTime | None = None
        self._empty = EmptyState(NOTHING, keymap, self.SCOPE)
        self._over_time = OverTimeView()
        self._legend = Static(COUNTING, id="legend", markup=False)

    def compose_body(self) -> Iterable[Widget]:
        """Lay the chart and its table over how to read them."""
        return (self._empty, self._over_time, self._legend)

    def on_mount(self) -> None:
        """Say that figures are on their way."""
        self._show()

    def on_resize(self) -> None:
        """Say as much as there is room for."""
        self._show()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Read the figures again where they may have changed."""
        self._empty.snapshot = snapshot
        stamp = f"{snapshot.figures}:{snapshot.counts.samples}"
        if self.desks is not None and stamp != self._stamp:
            self._stamp = stamp
            self._ask()

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
            self._show()

    def _show(self) -> None:
        read = self._read
        found = read.found if read else None
        self.show_empty(found is None)
        self._empty.display = read is not None and found is None
        self._over_time.display = found is not None
        self._over_time.found = found
        self._legend.display = read is None or found is not None
        how = HOW_TO_READ_BRIEFLY if self.is_narrow else HOW_TO_READ
        self._legend.update(COUNTING if read is None else how)
        if read is not None and found is None:
            self._empty.text = NOTHING + describe_plain(read.plain)

    def keys_without_effect(self) -> Collection[str]:
        """What is for several datasets or groups, where there are none."""
        found, logged = self._over_time.found, self._read.logged if self._read else ()
        without = [] if found and found.groups else ["right", "left"]
        return without if len(logged) > 1 else [*without, "dataset"]

    def action_move(self, by: int) -> None:
        """Choose another period."""
        self._over_time.move(by)

    def action_turn(self, by: int) -> None:
        """Choose another version, category or guard."""
        self._over_time.turn(by)

    def action_next_length(self) -> None:
        """Take longer periods, or shorter ones."""
        self._choose(replace(self._choice, by=_after(self._choice.by, LENGTHS)))

    def action_next_group(self) -> None:
        """Take records together in another way."""
        self._choose(replace(self._choice, group=_after(self._choice.group, GROUPS)))

    def action_next_dataset(self) -> None:
        """Show the next dataset of a log."""
        if self._read is not None and self._read.found is not None:
            dataset = _after(self._read.found.dataset, self._read.logged)
            self._choose(replace(self._choice, dataset=dataset))

    def _choose(self, choice: Choice) -> None:
        self._choice = choice
        self._over_time.note(COUNTING)
        self._ask()

    def action_open(self) -> None:
        """Show what was flagged in the chosen period."""
        found, series = self._over_time.found, self._over_time.chosen
        period, desks = self._over_time.period, self.desks
        if found is None or series is None or period is None or desks is None:
            self.say("There is no period to open.", is_warning=True)
            return
        title = title_of(period, found.by, series.name)
        self.read(
            "flagged",
            lambda: FlaggedRead(title, period, desks.loop.flagged(found, series, period)),
        )

    def on_flagged_read(self, message: FlaggedRead) -> None:
        """Show the texts over the screen."""
        text = describe_flagged(message.period, message.records)
        self.app.push_screen(Page(message.title, text, self.keymap))


def _after(value: T, values: tuple[T, ...]) -> T:
    return values[(values.index(value) + 1) % len(values)]
