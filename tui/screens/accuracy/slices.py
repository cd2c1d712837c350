"""A view: where the chosen detector errs, the worst slice first."""

from typing import TYPE_CHECKING, Final

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from tui.frame.asking import Asking
from tui.frame.calls import Calls
from tui.screens.accuracy.messages import SlicesRead
from tui.screens.accuracy.views import Subject
from tui.screens.accuracy.wording import HOW_TO_READ, WAITING, name_detector
from tui.services.numbers import show_percent
from tui.widgets.table import Cell, Column, Row, Table

if TYPE_CHECKING:
    from engine.statistics.slices import Slice

COLUMNS: Final = (
    Column("by"),
    Column("slice", flexible=True),
    Column("n", right=True),
    Column("accuracy %", right=True),
    Column("F1 %", right=True),
    Column(" "),
)


class SlicesView(Vertical):
    """One row per slice of the chosen detector. The parent sets `subject`."""

    subject: reactive[Subject | None] = reactive(None, init=False)

    def __init__(self, calls: Calls) -> None:
        super().__init__(id="slices")
        self._asking = Asking(self, calls)
        self._slices: tuple[Slice, ...] | None = None  # None while they are read
        self._chosen = 0
        self._table = Table(COLUMNS)

    def compose(self) -> ComposeResult:
        """Lay the table over how to read it."""
        yield self._table
        yield Static(Content(HOW_TO_READ["slices"]), classes="legend")

    def watch_subject(self, before: Subject | None, subject: Subject | None) -> None:
        """Read the slices of another detector."""
        if subject is None:
            return
        desk, dataset, detector = subject.desk, subject.dataset, subject.detector
        if before is None or (before.dataset, before.detector) != (dataset, detector):
            self._slices, self._chosen = None, 0
            self._asking.read(
                "slices", lambda: SlicesRead(detector, desk.slices(dataset, detector))
            )
        self._show()

    def on_slices_read(self, message: SlicesRead) -> None:
        """Show the slices, unless another detector is chosen by now."""
        message.stop()
        if self.subject is not None and message.detector == self.subject.detector:
            self._slices = message.slices
            self._show()

    def _show(self) -> None:
        subject, found = self.subject, self._slices
        if subject is None:
            return
        title = f"Slices of {name_detector(subject)}"
        if found is None:
            title += f" ({WAITING})"
        elif not found:
            title += ": all rows are alike in group, origin, script and length, or have no label"
        self._table.set_title(title)
        rows = [_slice_row(item) for item in found or ()]
        self._table.show(COLUMNS, rows, self._chosen if rows else None)

    def move(self, by: int) -> None:
        """Choose another slice."""
        self._chosen = max(0, min(self._chosen + by, len(self._slices or ()) - 1))
        self._show()


def _slice_row(item: "Slice") -> Row:
    few: Cell = ("few", "$warning") if item.few else " "
    figures = show_percent(item.accuracy), show_percent(item.f1)
    return (item.by, item.slice, f"{item.n:,}", *figures, few)
