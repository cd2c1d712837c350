"""One table: which of its rows are listed, those in sight, and the current cell.

A list comes with the rows in sight, so that what is seen changes once. Then rows are read some
screens ahead; none is read for each key.
"""

from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.timer import Timer

from tui.frame.asking import Asking
from tui.frame.calls import Calls
from tui.frame.snapshot import Labels
from tui.screens.data.columns import columns_of
from tui.screens.data.grid import DataGrid, Sheet
from tui.screens.data.messages import CellClicked, GridResized, ListingRead, PageRead
from tui.screens.data.preview import RowPreview
from tui.screens.data.views import GridColumn, GridRow, Listing, Place
from tui.screens.data.wording import describe_listing, describe_place
from tui.services.results.browsing import Sort, TableName, View
from tui.widgets.plain import plain

if TYPE_CHECKING:
    from tui.screens.data.desk import DataDesk

REST = 10  # times what the last list took
AHEAD = 2  # screens of rows that are read on either side


class TableBrowser(Vertical):
    """The rows of a view. The screen sets `desk`, and tells by `bring_up` to read again."""

    def __init__(self, table: TableName, calls: Calls, labels: Labels) -> None:
        super().__init__(id=table)
        self.table: TableName = table
        self.view = View(table)
        self.listing: Listing | None = None
        self.desk: DataDesk | None = None
        self._asking = Asking(self, calls)
        self._words = labels.words
        self._grid = DataGrid(labels)
        self._preview = RowPreview(calls, labels)
        self._place = Place()
        self._rows: dict[int, GridRow | None] = {}
        self._names: frozenset[str] = frozenset()  # of the columns that these rows have
        self._is_reading_page = False
        self._stamp = ""  # of the workspace when the list was asked for
        self._newest = ""
        self._rest: Timer | None = None
        self._rested_at = 0.0

    def compose(self) -> ComposeResult:
        """Lay out the rows, and the current one beside them."""
        yield Horizontal(self._grid, self._preview)

    @property
    def columns(self) -> tuple[GridColumn, ...]:
        """All columns of the table."""
        return columns_of(self.table, self._words)

    @property
    def column(self) -> GridColumn:
        """The column of the current cell."""
        return self.columns[self._place.column]

    @property
    def place(self) -> int:
        """The current row's place in the list."""
        return self._place.row

    @property
    def row(self) -> GridRow | None:
        """The current row; None if there is none, or it was not read yet."""
        return self._rows.get(self._place.row)

    @property
    def height(self) -> int:
        """How many rows fit."""
        return self._grid.lines_shown

    def bring_up(self, stamp: str) -> None:
        """Read the list again if it was read from another state of the workspace.

        It rests between two readings, so that rows which come in do not keep the database busy.
        """
        rest_s = self._rested_at - monotonic()
        if stamp == self._stamp:
            return
        if rest_s <= 0:
            self._stamp = stamp
            self._read_listing()
        elif self._rest is None:
            self._rest = self.set_timer(rest_s, self._end_rest)
        self._newest = stamp

    def _end_rest(self) -> None:
        self._rest = None
        self.bring_up(self._newest)

    def show_view(self, view: View) -> None:
        """List other rows, or in another order."""
        if view != self.view:
            self.view = view
            self._read_listing()

    def _read_listing(self) -> None:
        """Read the list, and find the current row in it unless it is ordered anew."""
        desk, view, before = self.desk, self.view, self.listing
        if desk is None:
            return
        is_same_order = before is not None and before.view.sort == view.sort
        key = self.row.key if self.row is not None and is_same_order else None
        row = self._place.row if before is not None and before.view == view else 0
        height, names = self.height, self._wanted_names()
        above = self._place.row - self._place.top

        desk.want(view)

        def read() -> ListingRead:
            listing = desk.listing(view)
            if listing is None:
                return ListingRead(view, None, 0, None)
            found = desk.place_of(listing, key) if key is not None else None
            place = max(0, min(found if found is not None else row, listing.count - 1))
            page = desk.page(listing, max(place - above, 0), height, names)
            return ListingRead(view, listing, place, PageRead(listing, names, page))

        self._asking.read("listing", read)

    def on_listing_read(self, message: ListingRead) -> None:
        """Show the list, unless another one is on its way."""
        message.stop()
        if message.listing is None or message.view != self.view or message.page is None:
            return
        offset = self._place.row - self._place.top
        self.listing = message.listing
        self._rested_at = monotonic() + REST * message.listing.took_s
        top = max(message.place - offset, 0)
        self._place = replace(self._place, top=top).moved(
            message.place, message.listing.count, self.height
        )
        self._take(message.page)

    def _wanted_names(self) -> tuple[str, ...]:
        """The columns in sight and those beside them, so that scrolling finds them there."""
        shown = self._grid.shown_columns or tuple(column.name for column in self.columns[:8])
        places = [number for number, item in enumerate(self.columns) if item.name in shown]
        first, last = max(min(places) - 2, 0), max(places) + 3
        return tuple(column.name for column in self.columns[first:last])

    def on_page_read(self, message: PageRead) -> None:
        """Show the rows, unless they are of another list."""
        message.stop()
        self._is_reading_page = False
        if message.listing is self.listing:
            self._take(message)
        else:
            self.draw()

    def _take(self, message: PageRead) -> None:
        self._rows = dict(enumerate(message.page.rows, start=message.page.first))
        self._names = frozenset(message.columns)
        self.draw()

    def draw(self) -> None:
        """Draw what is in sight, and have what is missing read."""
        if self.listing is None or self.desk is None:
            return
        self._place = self._grid.show(
            Sheet(self.columns, self._rows, self.listing.count, self._place, self.view.sort)
        )
        self._grid.set_title(plain(describe_listing(self.listing, self.columns, self._words)))
        hidden = len(self.columns) - len(self._grid.shown_columns)
        self._grid.set_subtitle(describe_place(self._place.row, self.listing.count, hidden))
        self._preview.follow(self.desk, self.listing, self._place.row)
        self._read_ahead()

    def _read_ahead(self) -> None:
        desk, listing, height = self.desk, self.listing, self.height
        if desk is None or listing is None or self._is_reading_page:
            return
        near = range(
            max(self._place.top - height // 2, 0),
            min(self._place.top + height + height // 2, listing.count),
        )
        has_columns = self._names.issuperset(self._grid.shown_columns)
        if has_columns and all(row in self._rows for row in near):
            return
        self._is_reading_page = True
        first, names = max(self._place.top - AHEAD * height, 0), self._wanted_names()
        self._asking.read(
            "page",
            lambda: PageRead(
                listing, names, desk.page(listing, first, (2 * AHEAD + 1) * height, names)
            ),
        )

    def on_grid_resized(self, message: GridResized) -> None:
        """Draw as much as there is room for."""
        message.stop()
        self.move(0)

    def on_cell_clicked(self, message: CellClicked) -> None:
        """Go to the cell; on a heading sort by its column."""
        message.stop()
        self._place = replace(self._place, column=message.column)
        if message.line < 0:
            self.sort()
        else:
            self.move_to(self._place.top + message.line)

    def move(self, by: int) -> None:
        """Go some rows on."""
        self.move_to(self._place.row + by)

    def move_page(self, by: int) -> None:
        """Go a page of rows on."""
        self.move(by * max(self.height - 1, 1))

    def move_to(self, row: int) -> None:
        """Go to a row; a negative one counts from the end."""
        count = self.listing.count if self.listing else 0
        self._place = self._place.moved(row, count, self.height)
        self.draw()

    def move_to_end(self) -> None:
        """Go to the last row."""
        self.move_to(self.listing.count - 1 if self.listing else 0)

    def turn(self, by: int) -> None:
        """Go some columns to the right, or to the left."""
        column = max(0, min(self._place.column + by, len(self.columns) - 1))
        self._place = replace(self._place, column=column)
        self.draw()

    def sort(self) -> None:
        """Sort by the current column: ascending, then descending, then not at all."""
        name, sort = self.column.name, self.view.sort
        if sort is None or sort.column != name:
            new: Sort | None = Sort(name)
        else:
            new = None if sort.is_descending else Sort(name, is_descending=True)
        self.show_view(replace(self.view, sort=new))
        self.draw()
