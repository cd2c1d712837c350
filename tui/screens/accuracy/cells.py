"""A view: the confusion matrix of the chosen detector, walked cell by cell, over a cell's rows."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from tui.frame.calls import Calls
from tui.frame.snapshot import Labels
from tui.keys.keymap import Keymap
from tui.screens.accuracy.cell_grid import CellGrid
from tui.screens.accuracy.groups import (
    Flagged,
    Grid,
    Listing,
    confusion_cells,
    first_place,
    move_place,
)
from tui.screens.accuracy.row_list import RowList
from tui.screens.accuracy.views import Subject
from tui.screens.accuracy.wording import HOW_TO_READ, name_detector
from tui.widgets.plain import plain


class CellsView(Vertical):
    """Alarms and cells of the chosen detector. The parent sets `subject`."""

    subject: reactive[Subject | None] = reactive(None, init=False)

    def __init__(self, calls: Calls, keymap: Keymap, labels: Labels) -> None:
        super().__init__(id="rows")
        self._cells = CellGrid(labels)
        self.rows = RowList(calls, keymap, labels)

    def compose(self) -> ComposeResult:
        """Lay the matrix over the rows of a cell."""
        yield self._cells
        yield self.rows
        yield Static(Content(HOW_TO_READ["rows"]), classes="legend")

    def on_mount(self) -> None:
        """Make room for the rows while keys choose one of them."""
        self.watch(self.rows, "is_entered", self._make_room)

    def _make_room(self, is_entered: bool) -> None:
        self.set_class(is_entered, "-entered")

    def watch_subject(self, before: Subject | None, subject: Subject | None) -> None:
        """Show the groups; those of another detector from where most is wrong."""
        if subject is None:
            return
        grid, place = _grid_of(subject), self._cells.place
        has_moved = before is None or _kind(before) != _kind(subject) or not self._cells.grid
        self._cells.border_title = plain(f"Rows of {name_detector(subject)}")
        self._cells.grid, self._cells.total = grid, subject.detector.n
        self.rows.desk = subject.desk
        self._choose(first_place(grid) if has_moved else move_place(grid, place, 0, 0))
        if has_moved or not grid:
            self.rows.begin()

    def _choose(self, place: tuple[int, int]) -> None:
        grid, subject = self._cells.grid, self.subject
        self._cells.place = place
        if grid and subject is not None:
            group = grid[place[0]][place[1]]
            self.rows.listing = Listing((subject.detector,), group)
        else:
            self.rows.listing = None

    def begin(self) -> None:
        """Choose where most is wrong again."""
        self._choose(first_place(self._cells.grid))
        self.rows.begin()

    def move(self, by: int) -> None:
        """Choose another row, or the group below."""
        if self.rows.is_entered:
            self.rows.move(by)
        else:
            self._move_to_group(by, 0)

    def turn(self, by: int) -> None:
        """Choose the cell beside."""
        self._move_to_group(0, by)

    def _move_to_group(self, down: int, across: int) -> None:
        if self._cells.grid:
            self._choose(move_place(self._cells.grid, self._cells.place, down, across))
            self.rows.begin()


def _kind(subject: Subject) -> tuple[str, str, bool]:
    """What leads to other groups if it is changed."""
    return subject.dataset.dataset, subject.detector.detector_id, subject.is_collapsed


def _grid_of(subject: Subject) -> Grid:
    """The alarms of the detector, if there are any, over its cells; nothing before it is read."""
    scores, detector = subject.scores, subject.detector
    if scores is None:
        return ()
    found = scores.alarms_of(detector.detector_id)
    alarms = ((Flagged(found.threshold, found.flagged),),) if found else ()
    row = scores.scores_of(detector.detector_id)
    if row is None:
        return alarms
    positive, is_collapsed = scores.comparison.positive, subject.is_collapsed
    labels = row.confusion.labels
    cells = confusion_cells(detector.counts, labels, positive, is_collapsed=is_collapsed)
    return (*alarms, *cells)
