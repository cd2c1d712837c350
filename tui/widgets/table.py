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

from tui.services.inert import one_line
from tui.widgets.plain import plain

GAP = 2
NARROWEST = 6
MARKER = "▸ "

Cell = str | tuple[str, str]  # a text, or a text and its style
Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `right` for numbers. One that is `flexible` gives way where space is short.

    What is `named` is cut in its middle then: names differ at their ends. Before any is cut,
    columns that are an `ornament` leave, then those that are `optional`, each from the right.
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
        self._shape = (0, 0)  # width and rows; only a change of these moves other widgets
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
        row = event.screen_offset.y - self._body.region.y
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
        heading, *lines = lay_out(self.columns, self.rows, space)
        if marked:
            heading = Content(" " * len(MARKER)) + heading
            lines = [
                _choose(line, space) if number == self.chosen else Content(" " * len(MARKER)) + line
                for number, line in enumerate(lines)
            ]
        shape = (self.size.width, len(lines))
        is_new_shape, self._shape = shape != self._shape, shape
        self._heading.update(heading.stylize("bold"), layout=is_new_shape)
        self._body.update(Content("\n").join(lines), layout=is_new_shape)
        if self.chosen is not None:
            region = Region(0, self.chosen, 1, 1)
            self.call_after_refresh(self._scroll.scroll_to_region, region, animate=False)


def lay_out(columns: Sequence[Column], rows: Sequence[Row], width: int) -> list[Content]:
    """The heading and the rows as lines of at most `width` cells.

    Where a row is too long, columns leave that may, then flexible ones are cut with an ellipsis,
    the widest first.
    """
    columns, rows = _without_what_yields(columns, rows, width)
    cells = [[_content(cell) for cell in row] for row in rows]
    heading = [Content(column.title) for column in columns]
    widths = _widths(heading, cells)
    _shrink(widths, columns, width)
    return [
        Content(" " * GAP)
        .join(
            _fit(cell, wide, column)
            for cell, wide, column in zip(row, widths, columns, strict=True)
        )
        .truncate(max(width, 1), ellipsis=True)
        for row in [heading, *cells]
    ]


def _without_what_yields(
    columns: Sequence[Column], rows: Sequence[Row], width: int
) -> tuple[Sequence[Column], Sequence[Row]]:
    """The columns that stay, with their cells."""
    places = list(range(len(columns)))
    yielding = [place for place in places if columns[place].optional]
    yielding += [place for place in places if columns[place].ornament]
    if yielding:
        cells = [[_content(cell) for cell in row] for row in rows]
        widths = _widths([Content(column.title) for column in columns], cells)
        while yielding and _total([widths[place] for place in places]) > width:
            places.remove(yielding.pop())
    return (
        [columns[place] for place in places],
        [tuple(row[place] for place in places) for row in rows],
    )


def _widths(heading: Sequence[Content], cells: Sequence[Sequence[Content]]) -> list[int]:
    return [
        max([title.cell_length, *(row[number].cell_length for row in cells)])
        for number, title in enumerate(heading)
    ]


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + GAP * (len(widths) - 1)


def _choose(line: Content, width: int) -> Content:
    padded = line.pad_right(max(width - line.cell_length, 0))
    return (Content(MARKER) + padded).stylize("bold on $chosen")


def _content(cell: Cell) -> Content:
    text, style = (cell, "") if isinstance(cell, str) else cell
    return Content.styled(one_line(text), style) if text.strip() else Content(text)


def _shrink(widths: list[int], columns: Sequence[Column], width: int) -> None:
    flexible = [number for number, column in enumerate(columns) if column.flexible]
    while flexible and _total(widths) > width:
        widest = max(flexible, key=lambda number: widths[number])
        if widths[widest] <= NARROWEST:
            return
        widths[widest] -= 1


def _fit(cell: Content, width: int, column: Column) -> Content:
    cut = cut_middle(cell, width) if column.named else cell.truncate(width, ellipsis=True)
    missing = width - cut.cell_length
    return cut.pad_left(missing) if column.right else cut.pad_right(missing)


def cut_middle(cell: Content, width: int) -> Content:
    """A name of at most `width` cells, with an ellipsis where its middle was."""
    if cell.cell_length <= width:
        return cell
    end = cell
    while end.cell_length > width // 2:
        end = end[1:]
    return cell.truncate(width - end.cell_length, ellipsis=True) + end
