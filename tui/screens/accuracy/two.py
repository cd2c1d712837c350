"""A view: the marked and the chosen detector, how they differ, and the rows that say so."""

from typing import Final

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from tui.frame.asking import Asking
from tui.frame.calls import Calls
from tui.frame.snapshot import Labels
from tui.keys.keymap import Keymap
from tui.screens.accuracy.groups import Listing, Side
from tui.screens.accuracy.messages import SidesRead
from tui.screens.accuracy.row_list import RowList
from tui.screens.accuracy.views import EvaluatedDetector, Subject
from tui.screens.accuracy.wording import (
    HOW_TO_READ,
    NOT_MARKED,
    describe_difference,
    describe_group,
    title_against,
)
from tui.widgets.bar import bar
from tui.widgets.table import Column, Row, Table

BAR: Final = 20  # cells
COLUMNS: Final = (
    Column(" "),
    Column("rows", flexible=True),
    Column("n", right=True),
    Column("0 … 100 %", ornament=True),
)


class TwoView(Vertical):
    """The difference in words, over rows by who is right. The parent sets `subject`."""

    subject: reactive[Subject | None] = reactive(None, init=False)

    def __init__(self, calls: Calls, keymap: Keymap, labels: Labels) -> None:
        super().__init__(id="compare")
        self._asking = Asking(self, calls)
        self._keymap = keymap
        self._labels = labels
        self._detectors: tuple[EvaluatedDetector, ...] = ()
        self._sides: tuple[Side, ...] = ()
        self._chosen = 0  # of the sides
        self._words = Static(classes="words", markup=False)
        self._groups = Table(COLUMNS, id="groups")
        self.rows = RowList(calls, keymap, labels)

    def compose(self) -> ComposeResult:
        """Lay words over groups of rows, over the rows of one."""
        yield self._words
        yield self._groups
        yield self.rows
        yield Static(Content(HOW_TO_READ["compare"]), classes="legend")

    def on_mount(self) -> None:
        """Make room for the rows while keys choose one of them."""
        self.watch(self.rows, "is_entered", self._make_room)

    def _make_room(self, is_entered: bool) -> None:
        self.set_class(is_entered, "-entered")

    def watch_subject(self, subject: Subject | None) -> None:
        """Compare two others, or show what else is known of these two."""
        if subject is None:
            return
        desk, detectors = subject.desk, subject.compared
        self.rows.desk = desk
        if detectors != self._detectors:
            self._detectors, self._sides = detectors, ()
            self.begin()
            if detectors:
                self._asking.read("sides", lambda: SidesRead(detectors, desk.sides(detectors)))
        self._show()

    def on_sides_read(self, message: SidesRead) -> None:
        """Show the groups, unless two others are compared by now."""
        message.stop()
        if message.detectors == self._detectors:
            self._sides = message.sides
            self._choose(self._chosen)

    def _show(self) -> None:
        subject, detectors = self.subject, self._detectors
        self.set_class(not detectors, "-unmarked")
        if subject is None:
            return
        if not detectors:
            key = self._keymap.shown("accuracy.mark")
            self._words.update(Content(NOT_MARKED.format(key=key)))
            return
        lines = describe_difference(subject)
        self._words.update(Content("\n".join(lines)))
        total, dataset = sum(side.count for side in self._sides), subject.dataset.dataset
        self._groups.set_title(title_against(detectors, total, dataset))
        rows = [self._row(side, total) for side in self._sides]
        self._groups.show(COLUMNS, rows, self._chosen if rows else None)

    def _row(self, side: Side, total: int) -> Row:
        """A group and how much of the total it is."""
        names = tuple(item.detector for item in self._detectors)
        sign, text = describe_group(side, names, self._labels)
        return (sign, text, f"{side.count:,}", bar(side.count / total if total else 0.0, BAR))

    def _choose(self, place: int) -> None:
        self._chosen = max(0, min(place, len(self._sides) - 1))
        chosen = self._sides[self._chosen] if self._sides else None
        self.rows.listing = Listing(self._detectors, chosen) if chosen else None
        self._show()

    def begin(self) -> None:
        """Choose the first group again."""
        self._choose(0)
        self.rows.begin()

    def move(self, by: int) -> None:
        """Choose another row, or another group."""
        if self.rows.is_entered:
            self.rows.move(by)
        else:
            self._choose(self._chosen + by)
            self.rows.begin()
