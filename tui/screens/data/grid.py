"""A table of any number of rows, of which only those in sight are drawn, with a current cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from textual.content import Content
from textual.events import Click, Resize

from tui.frame.snapshot import Labels
from tui.screens.data.layout import (
    CURSOR_STYLE,
    WAITING,
    Slot,
    column_at,
    fit,
    heading,
    line,
)
from tui.screens.data.messages import CellClicked, GridResized
from tui.screens.data.views import GridColumn, GridRow, Place
from tui.services.results.browsing import Sort
from tui.widgets.lines import Lines

HEADING = 1  # lines
MARKER, BLANK = "▸ ", "  "


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a grid shows. Rows that are not there yet have an ellipsis in their cells."""

    columns: Sequence[GridColumn]
    rows: Mapping[int, GridRow | None]
    count: int
    place: Place
    sort: Sort | None


class DataGrid(Lines):
    """The rows of a sheet from its place on."""

    def __init__(self, labels: Labels) -> None:
        super().__init__()
        self._labels = labels
        self._sheet: Sheet | None = None
        self._slots: tuple[Slot, ...] = ()

    @property
    def lines_shown(self) -> int:
        """How many rows fit."""
        return max(self.size.height - HEADING, 1)

    @property
    def shown_columns(self) -> tuple[str, ...]:
        """The names of the columns in sight."""
        columns = self._sheet.columns if self._sheet else ()
        return tuple(columns[slot.number].name for slot in self._slots)

    def show(self, sheet: Sheet) -> Place:
        """Draw a sheet; return its place, with the first column moved so that the current fits."""
        space = max(self.size.width - len(MARKER), 1)
        left, self._slots = fit(sheet.columns, space, sheet.place.left, sheet.place.column)
        self._sheet = sheet = replace(sheet, place=replace(sheet.place, left=left))
        current = sheet.place.column
        top = heading(sheet.columns, self._slots, sheet.sort, current)
        last = min(sheet.place.top + self.lines_shown, sheet.count)
        self.draw([BLANK + top, *(self._row(sheet, row) for row in range(sheet.place.top, last))])
        return sheet.place

    def _row(self, sheet: Sheet, number: int) -> Content:
        row = sheet.rows.get(number)
        names = [sheet.columns[slot.number].name for slot in self._slots]
        cells = [row.cells.get(name, WAITING) if row else WAITING for name in names]
        content = line(sheet.columns, self._slots, cells, self._labels)
        if number != sheet.place.row:
            return Content(BLANK) + content
        slot = next(slot for slot in self._slots if slot.number == sheet.place.column)
        content = content.stylize("bold on $chosen")
        return Content.styled(MARKER, "bold on $chosen") + content.stylize(
            CURSOR_STYLE, slot.start, slot.start + slot.width
        )

    def on_resize(self, _: Resize) -> None:
        """Have it drawn for the new size."""
        self.post_message(GridResized())

    def on_click(self, event: Click) -> None:
        """Tell which cell was clicked."""
        place = event.get_content_offset(self)
        if place is None:
            return
        column = column_at(self._slots, place.x - len(MARKER))
        if column is not None:
            self.post_message(CellClicked(place.y - HEADING, column))
