"""A table of inert cells that fits its width, with a heading that stays and one chosen row."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.events import Click
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static

from tui.widgets.fitting import lay_out
from tui.widgets.plain import plain

MARKER, BLANK = "▸ ", "  "

Cell = str | tuple[str, str]  # a text, or a text and its style
Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `right` for numbers. One that is `flexible` gives way where space is short.

    What is `named` is cut in its middle then: names differ at their ends. Before any is cut,
    columns that are an `ornament` leave, then those that are `optional`, each from the right, and
    intervals go to a second line.
    """

    title: str
    right: bool = False
    flexible: bool = False
    named: bool = False
    ornament: bool = False
    optional: bool = False

    @property
    def is_ornament(self) -> bool:
        """Whether it says nothing in a file: a bar, or signs without a title."""
        return self.ornament or not self.title.strip()


class RowClicked(Message):
    """A row of a table that has a chosen one was clicked, the second time if `is_double`."""

    def __init__(self, table: "Table", row: int, is_double: bool) -> None:
        super().__init__()
        self.table = table
        self.row = row
        self.is_double = is_double


class Table(Vertical):
    """Rows under a heading. The parent sets `columns`, `rows` and `chosen`."""

    columns: reactive[tuple[Column, ...]] = reactive((), init=False)
    rows: reactive[tuple[Row, ...]] = reactive((), init=False)
    chosen: reactive[int | None] = reactive(None, init=False)

    def __init__(self, columns: Sequence[Column], *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.set_reactive(Table.columns, tuple(columns))
        self.title = ""
        self._lines_each = 1
        self._shape = (0, 0)  # width and lines; only a change of these moves other widgets
        self._heading = Static(classes="heading")
        self._body = Static(classes="body")
        self._scroll = VerticalScroll(self._body, can_focus=False)

    def compose(self) -> ComposeResult:
        """Lay out heading and scrolling body."""
        yield self._heading
        yield self._scroll

    def on_resize(self) -> None:
        """Fit the columns into the new width."""
        self.redraw()

    def on_click(self, event: Click) -> None:
        """Tell which row was clicked."""
        row = (event.screen_offset.y - self._body.region.y) // self._lines_each
        is_on_row = self._scroll.region.contains_point(event.screen_offset)
        if self.chosen is not None and is_on_row and 0 <= row < len(self.rows):
            self.post_message(RowClicked(self, row, event.chain > 1))

    def watch_columns(self) -> None:
        """Draw the new columns."""
        self.redraw()

    def watch_rows(self) -> None:
        """Draw the new rows."""
        self.redraw()

    def watch_chosen(self) -> None:
        """Mark the chosen row and keep it in view."""
        self.redraw()

    def set_title(self, text: str) -> None:
        """Put a text into the border."""
        self.title = text
        self.border_title = plain(text)

    def show(
        self, columns: Sequence[Column], rows: Sequence[Row], chosen: int | None = None
    ) -> None:
        """Show other columns, rows and choice, drawn once."""
        self.set_reactive(Table.columns, tuple(columns))
        self.set_reactive(Table.rows, tuple(rows))
        self.set_reactive(Table.chosen, chosen)
        self.redraw()

    def scroll_rows(self, rows: int) -> None:
        """Scroll by so many rows."""
        self._scroll.scroll_relative(y=rows, animate=False)

    def redraw(self) -> None:
        """Fit columns and rows into the width and draw them."""
        if not self.is_mounted or not self.size.width:
            return
        marked = self.chosen is not None
        space = self.size.width - (len(MARKER) if marked else 0) - 1  # 1 for a scrollbar
        laid = lay_out(self.columns, self.rows, space)
        heading, lines, self._lines_each = laid.heading, laid.rows, laid.lines_each
        if marked:
            heading = Content(BLANK) + heading
            lines = [
                _choose(line, space) if number == self.chosen else _indent(line)
                for number, line in enumerate(lines)
            ]
        shape = (self.size.width, len(lines) * laid.lines_each)
        is_new_shape, self._shape = shape != self._shape, shape
        self._heading.update(heading.stylize("bold"), layout=is_new_shape)
        self._body.update(Content("\n").join(lines), layout=is_new_shape)
        if self.chosen is not None:
            region = Region(0, self.chosen * self._lines_each, 1, self._lines_each)
            self.call_after_refresh(self._scroll.scroll_to_region, region, animate=False)


def _choose(line: Content, width: int) -> Content:
    first, *others = [part.pad_right(max(width - part.cell_length, 0)) for part in line.split("\n")]
    marked = [Content(MARKER) + first, *(Content(BLANK) + part for part in others)]
    return Content("\n").join(part.stylize("bold on $chosen") for part in marked)


def _indent(line: Content) -> Content:
    return Content("\n").join(Content(BLANK) + part for part in line.split("\n"))
