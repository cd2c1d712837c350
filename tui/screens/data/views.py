"""What the tables of the data screen show: columns, rows, and the place among them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from tui.services.results.browsing import Shown, View

if TYPE_CHECKING:
    import polars as pl

    from tui.services.results.records import Record

RowKey = tuple[int, ...]
Spans = tuple[tuple[int, int], ...]
Look = Literal["text", "name", "number", "label"]


@dataclass(frozen=True, slots=True)
class GridColumn:
    """A column as it is drawn, at least `width` cells wide; one with a text takes what is left."""

    name: str
    title: str
    width: int
    look: Look = "name"


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell: its text on one line, inert, with the places of what was searched for; its value.

    The text is an error where the value could not be made.
    """

    text: str
    value: Shown = None
    hits: Spans = ()
    is_error: bool = False


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row that was read: by its row numbers in the store, its id, and cells by column."""

    key: RowKey
    row_id: str
    cells: Mapping[str, GridCell]


@dataclass(frozen=True, slots=True)
class Listing:
    """The rows of a view in its order, out of `total` in its table; how long it took to list."""

    view: View
    places: "pl.DataFrame" = field(compare=False, repr=False)
    count: int
    total: int
    took_s: float


@dataclass(frozen=True, slots=True)
class GridPage:
    """Rows of a listing from a place on; None for those that are gone."""

    first: int
    rows: tuple[GridRow | None, ...]


@dataclass(frozen=True, slots=True)
class OpenedRow:
    """All that hangs on a row; where what was searched for is, by text as it is shown."""

    record: "Record"
    hits: Mapping[str, Spans]


@dataclass(frozen=True, slots=True)
class Place:
    """The current cell, and the row and column with which the picture begins."""

    row: int = 0
    column: int = 0
    top: int = 0
    left: int = 0

    def moved(self, row: int, count: int, height: int) -> "Place":
        """At another row of so many, which is kept in sight."""
        row = max(0, min(row, count - 1))
        top = max(min(self.top, row), row - max(height, 1) + 1)
        return replace(self, row=row, top=max(0, min(top, count - 1)))


@dataclass(frozen=True, slots=True)
class ImportForm:
    """How a file is to be imported; columns by their names."""

    dataset: str
    roles: tuple[str, ...]
    text_column: str
    context_column: str | None
    label_column: str | None
    label_for_all: str | None
    id_column: str | None
    group_column: str | None
    turn: Literal["assistant", "user"] | None  # whose last turn of a chat is the text
    layout: str | None = None  # of a log; its rows need no columns
