"""The rows of a group, a page at a time, each to be opened in full."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive

from tui.frame.asking import Asking
from tui.frame.calls import Calls
from tui.frame.messages import Said
from tui.frame.snapshot import Labels
from tui.keys.keymap import Keymap
from tui.screens.accuracy.groups import Listing
from tui.screens.accuracy.messages import RowsRead
from tui.screens.accuracy.row_dialog import RowDialog
from tui.screens.accuracy.wording import WAITING, describe_group
from tui.services.inert import one_line
from tui.services.numbers import show_number
from tui.widgets.fitting import cut_middle
from tui.widgets.paging import Paging
from tui.widgets.table import Cell, Column, Row, Table

if TYPE_CHECKING:
    from store.evaluation_rows import EvaluatedRow, Prediction
    from tui.screens.accuracy.desk import AccuracyDesk

ROWS_SHOWN: Final = 200  # on a page
NARROW_NAME, WIDE_NAME = 10, 16  # cells of a detector's name in a heading
PREVIEW: Final = 300  # characters of a text


class RowList(Vertical):
    """The rows of `listing`, which the parent sets with the desk that reads them.

    `is_entered` while keys choose one of its rows.
    """

    listing: reactive[Listing | None] = reactive(None, init=False)
    is_entered: reactive[bool] = reactive(False, init=False)
    desk: "AccuracyDesk"

    def __init__(self, calls: Calls, keymap: Keymap, labels: Labels) -> None:
        super().__init__()
        self._asking = Asking(self, calls)
        self._keymap = keymap
        self._labels = labels
        self._paging = Paging(ROWS_SHOWN)
        self._rows: tuple[EvaluatedRow, ...] | None = None  # None while they are read
        self._table = Table(())

    def compose(self) -> ComposeResult:
        """Show the table alone."""
        yield self._table

    def on_resize(self, _event: events.Resize) -> None:
        """Cut names to what there is room for."""
        self._show()

    def watch_listing(self) -> None:
        """List another group from its first row on."""
        self._paging = Paging(ROWS_SHOWN)
        self._read()

    def watch_is_entered(self) -> None:
        """Mark the chosen row, or none."""
        self._show()

    def begin(self) -> None:
        """Leave the rows, and go back to the first page."""
        is_on_first, self._paging = not self._paging.page, Paging(ROWS_SHOWN)
        self.is_entered = False
        if not is_on_first:
            self._read()

    def leave(self) -> None:
        """Choose the whole group instead of one of its rows."""
        self.is_entered = False

    def _read(self) -> None:
        listing, paging = self.listing, self._paging
        self._rows = None
        self._show()
        if listing is not None and listing.group.count:
            desk, first = self.desk, paging.first
            self._asking.read(
                "rows", lambda: RowsRead(listing, first, desk.rows(listing, first, paging.size))
            )

    def on_rows_read(self, message: RowsRead) -> None:
        """Show the rows, unless others are wanted by now."""
        message.stop()
        if (message.listing, message.first) == (self.listing, self._paging.first):
            self._rows = message.rows
            self._show()

    def _show(self) -> None:
        listing, rows = self.listing, self._rows
        if listing is None:
            self._table.show((), [])
            self._table.set_title("No rows")
            return
        count, first = listing.group.count, self._paging.first
        _, text = describe_group(listing.group, listing.names, self._labels)
        places = f" ({first + 1:,}–{first + len(rows):,} of {count:,})" if rows else ""
        waiting = f" ({WAITING})" if rows is None else ""
        self._table.set_title(f"{one_line(text)}{places}{waiting if count else ': no rows'}")
        longest = NARROW_NAME if self.screen.has_class("-narrow") else WIDE_NAME
        lines = [listed_row(row, self._labels) for row in rows or ()]
        chosen = self._place if rows and self.is_entered else None
        self._table.show(row_columns(listing.names, longest), lines, chosen)

    @property
    def _place(self) -> int:
        return min(self._paging.place, max(len(self._rows or ()) - 1, 0))

    @property
    def chosen(self) -> "EvaluatedRow | None":
        """The row that is chosen; None while it is the whole group."""
        return self._rows[self._place] if self.is_entered and self._rows else None

    def move(self, by: int) -> None:
        """Choose another row; beyond the end of the page is the next, before it the last one."""
        count = self.listing.group.count if self.listing else 0
        before, moved = self._paging, self._paging.move(by, len(self._rows or ()))
        if moved.first < max(count, 1):
            self._paging = moved
        if self._paging.page == before.page:
            self._show()
        else:
            self._read()

    def open(self) -> None:
        """Go among the rows; from there, open the chosen one."""
        if self.listing is None:
            self._warn("The rows are still being counted.")
        elif not self.listing.group.count:
            self._warn("There is no such row.")
        elif not self.is_entered:
            self._paging = replace(self._paging, place=0)
            self.is_entered = True
        elif self._rows:
            dialog = RowDialog(
                self._rows, self._place, self.listing.names, self._labels, self._keymap
            )
            self.app.push_screen(dialog, self._come_back)

    def _warn(self, text: str) -> None:
        self.post_message(Said(text, is_warning=True))

    def _come_back(self, place: int | None) -> None:
        if place is not None:
            self._paging = replace(self._paging, place=place)
            self._show()


def row_columns(names: Sequence[str], longest: int) -> tuple[Column, ...]:
    """The columns of `listed_row` for detectors of these names, of at most `longest` cells."""
    heads = (cut_middle(Content(one_line(name)), longest).plain for name in names)
    predicted = [Column(head) for head in heads] if len(names) > 1 else [Column("predicted")]
    return (Column("true"), *predicted, Column("text", flexible=True))


def listed_row(row: "EvaluatedRow", labels: Labels) -> Row:
    """A row's true label, what was predicted how certainly, and how its text begins."""
    truth = labels.named(row.label) if row.label else None
    head: Cell = (truth.glyph, truth.style) if truth else "·"
    return (head, *(_predicted(item, labels) for item in row.predictions), row.text[:PREVIEW])


def _predicted(prediction: "Prediction", labels: Labels) -> Cell:
    if prediction.label is None:
        return "failed", "$warning"
    view = labels.named(prediction.label)
    return f"{view.glyph} {show_number(prediction.certainty)}", view.style
