"""The views that follow from labelled rows of production, from patterns to the shadow."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Final

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive

from tui.frame.calls import Calls
from tui.frame.snapshot import Labels
from tui.screens.loop.patterns import PatternsView
from tui.screens.loop.queues import QueuesView
from tui.screens.loop.recall import RecallView
from tui.screens.loop.rounds import RoundsView
from tui.screens.loop.shadow import ShadowView
from tui.screens.loop.views import View
from tui.screens.loop.wording import describe_changed

if TYPE_CHECKING:
    from tui.screens.loop.desk import LoopDesk

LabelledView = PatternsView | RecallView | QueuesView | RoundsView | ShadowView

_STILL: Final = ("period", "group", "drift", "label", "down", "up", "ten_down", "ten_up", "open")
WITHOUT: "Final[dict[View, tuple[str, ...]]]" = {
    "time": ("label",),
    "patterns": ("period", "group", "drift"),
    "recall": _STILL,
    "queues": _STILL,
    "rounds": ("period", "group", "drift", "label"),
    "shadow": ("period", "group", "drift", "label"),
}
"""Keys that do nothing in a view."""


class LabelledViews(Vertical):
    """One of the views. The parent sets `current` and `is_narrow`, and `desk` before it reads."""

    current: reactive[View] = reactive[View]("time", init=False)
    is_narrow: reactive[bool] = reactive(False, init=False)

    def __init__(self, calls: Calls, labels: Labels) -> None:
        super().__init__(id="labelled")
        self.patterns = PatternsView(calls, labels)
        self._recall = RecallView(calls)
        self._rounds = RoundsView(calls)
        self._shadow = ShadowView(calls)
        self._views: Final[dict[View, LabelledView]] = {
            "patterns": self.patterns,
            "recall": self._recall,
            "queues": QueuesView(calls),
            "rounds": self._rounds,
            "shadow": self._shadow,
        }
        self._dataset = ""

    def compose(self) -> ComposeResult:
        """Lay out all views, of which one is shown."""
        yield from self._views.values()

    def on_mount(self) -> None:
        """Show none before one is asked for."""
        self.watch_current()

    def watch_current(self) -> None:
        """Show the current view alone."""
        for name, view in self._views.items():
            view.display = name == self.current

    def watch_is_narrow(self) -> None:
        """Let the shadow show what there is room for."""
        self._shadow.is_narrow = self.is_narrow

    def read(self, desk: "LoopDesk", dataset: str) -> None:
        """Read what the current view shows of a dataset."""
        self._dataset = dataset
        if (view := self._views.get(self.current)) is not None:
            view.desk = desk
            view.read(dataset)

    def move(self, by: int) -> None:
        """Choose another pattern, round or changed text."""
        if self.current == "patterns":
            self.patterns.move(by)
        elif self.current == "rounds":
            self._rounds.move(by)
        elif self.current == "shadow":
            self._shadow.move(by)

    def turn(self, by: int) -> None:
        """Choose the sample of another detector, or another pair."""
        if self.current == "recall":
            self._recall.turn(by)
        elif self.current == "shadow" and self._shadow.several:
            self._shadow.read(self._dataset, by)

    @property
    def page(self) -> tuple[str, Content] | None:
        """The chosen text whose verdict changed, whole, or all of a round, with its title."""
        if self.current == "rounds":
            text = self._rounds.text
            return None if text is None else ("A round", text)
        row = self._shadow.chosen if self.current == "shadow" else None
        return None if row is None else ("A changed verdict", describe_changed(row))

    def without_effect(self, *, has_groups: bool) -> Collection[str]:
        """The keys that do nothing in the current view, as things are."""
        turns = {
            "time": has_groups, "recall": self._recall.several, "shadow": self._shadow.several
        }  # fmt: skip
        without = WITHOUT[self.current]
        return without if turns.get(self.current, False) else (*without, "right", "left")
