"""What threads tell the tables of the data screen, and what they tell the screen."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from tui.screens.data.views import GridPage, Listing, OpenedRow
    from tui.services.files.path_completion import Completion
    from tui.services.results.browsing import View
    from tui.services.results.datasets import DatasetDetail


@dataclass
class PageRead(Message):
    """Rows of a listing, with the columns that were asked for."""

    listing: "Listing"
    columns: tuple[str, ...]
    page: "GridPage"


@dataclass
class ListingRead(Message):
    """The rows of a view, the current one's place, and what is around it.

    `listing` is None if another was asked for meanwhile.
    """

    view: "View"
    listing: "Listing | None"
    place: int
    page: PageRead | None


@dataclass
class PreviewRead(Message):
    """What hangs on the row at a place of a listing."""

    listing: "Listing"
    place: int
    row: "OpenedRow"


@dataclass
class DatasetsRead(Message):
    """All datasets."""

    datasets: "tuple[DatasetDetail, ...]"


@dataclass
class PathCompleted(Message):
    """How a path that was begun goes on."""

    completion: "Completion"


@dataclass
class CellClicked(Message):
    """A cell was clicked: of a column, in a line of rows in sight; -1 is the heading."""

    line: int
    column: int


class GridResized(Message):
    """There is another amount of room for rows."""
