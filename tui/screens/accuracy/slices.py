"""A view: where the chosen detector errs, the worst slice first, and of pairs by length, too."""

from functools import partial
from typing import TYPE_CHECKING, Final

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from tui.frame.asking import Asking
from tui.frame.calls import Calls
from tui.keys.keymap import Keymap
from tui.screens.accuracy.length_map import LengthMap
from tui.screens.accuracy.messages import SlicesRead
from tui.screens.accuracy.views import Subject
from tui.screens.accuracy.wording import HOW_TO_READ, WAITING, name_detector, title_lengths
from tui.services.inert import one_line
from tui.services.numbers import show_percent
from tui.widgets.plain import plain
from tui.widgets.table import Cell, Column, Row, Table

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.statistics.estimate import Estimate
    from engine.statistics.lengths import LengthGrid
    from engine.statistics.slices import Slice

FIGURES: Final = ("accuracy", "recall", "FPR", "F1")
COLUMNS: Final = (
    Column("by"),
    Column("slice", flexible=True),
    Column("n", right=True),
    *(Column(f"{name} %", right=True, optional=name == "F1") for name in FIGURES),
    Column(" "),
)


class SlicesView(Vertical):
    """One row per slice of the chosen detector, over its map of lengths if it has one.

    Where it is narrow, one of both at a time. The parent sets `subject`.
    """

    subject: reactive[Subject | None] = reactive(None, init=False)

    def __init__(self, calls: Calls, keymap: Keymap) -> None:
        super().__init__(id="slices")
        self._asking = Asking(self, calls)
        self._keymap = keymap
        self._slices: tuple[Slice, ...] | None = None  # None while they are read
        self._lengths: LengthGrid | None = None
        self._chosen = 0
        self._is_map_chosen = False
        self._table = Table(COLUMNS)
        self._words = Static(classes="words", markup=False)
        self._map = LengthMap()
        self._legend = Static(classes="legend", markup=False)

    def compose(self) -> ComposeResult:
        """Lay the table over its chosen slice in words, the map, and how to read them."""
        yield self._table
        yield self._words
        yield self._map
        yield self._legend

    def on_resize(self, _event: events.Resize) -> None:
        """Show both; where it is narrow one of them, and intervals of the chosen slice alone."""
        self._show()

    def watch_subject(self, before: Subject | None, subject: Subject | None) -> None:
        """Read the slices of another detector."""
        if subject is None:
            return
        desk, dataset, detector = subject.desk, subject.dataset, subject.detector
        if before is None or (before.dataset, before.detector) != (dataset, detector):
            self._slices, self._lengths, self._chosen = None, None, 0
            self._asking.read(
                "slices",
                lambda: SlicesRead(
                    detector, desk.slices(dataset, detector), desk.lengths(dataset, detector)
                ),
            )
        self._show()

    def on_slices_read(self, message: SlicesRead) -> None:
        """Show the slices, unless another detector is chosen by now."""
        message.stop()
        if self.subject is not None and message.detector == self.subject.detector:
            self._slices, self._lengths = message.slices, message.lengths
            self._show()

    def _show(self) -> None:
        subject, found, grid = self.subject, self._slices, self._lengths
        if subject is None:
            return
        is_narrow = self.screen.has_class("-narrow")
        is_map_shown = grid is not None and (self._is_map_chosen or not is_narrow)
        self._table.display = not (is_map_shown and is_narrow)
        self._map.display = is_map_shown
        key = self._keymap.shown("accuracy.right")
        which = f" ({{}} of 2, {key})" if is_narrow and grid else ""
        title = f"Slices of {name_detector(subject)}"
        if found is None:
            title += f" ({WAITING})"
        elif not found:
            title += ": all rows are alike in group, origin, script and length, or have no label"
        self._table.set_title(f"{title}{which.format(1)}")
        show = partial(show_percent, with_interval=not is_narrow)
        rows = [_slice_row(item, show) for item in found or ()]
        self._table.show(COLUMNS, rows, self._chosen if rows else None)
        self._words.display = is_narrow and bool(rows) and self._table.display
        self._words.update(Content(_describe(found[self._chosen]) if found else ""))
        self._map.grid = grid
        if grid is not None:
            self._map.border_title = plain(f"{title_lengths(subject, grid)}{which.format(2)}")
        kinds = [("slices", self._table.display), ("lengths", self._map.display)]
        self._legend.update(Content(" ".join(HOW_TO_READ[kind] for kind, is_on in kinds if is_on)))

    def move(self, by: int) -> None:
        """Choose another slice."""
        self._chosen = max(0, min(self._chosen + by, len(self._slices or ()) - 1))
        self._show()

    def turn(self) -> bool:
        """Show the map in place of the table, or the other way round; whether there are both."""
        if self._lengths is None or not self.screen.has_class("-narrow"):
            return False
        self._is_map_chosen = not self._is_map_chosen
        self._show()
        return True


def _figures(item: "Slice", show: "Callable[[Estimate | None], str]") -> list[str]:
    return [show(figure) for figure in (item.accuracy, item.recall, item.fpr, item.f1)]


def _slice_row(item: "Slice", show: "Callable[[Estimate | None], str]") -> Row:
    few: Cell = ("few", "$warning") if item.few else " "
    return (item.by, item.slice, f"{item.n:,}", *_figures(item, show), few)


def _describe(item: "Slice") -> str:
    """A slice with its intervals, in about two lines of 76 cells."""
    figures = zip(FIGURES, _figures(item, show_percent), strict=True)
    known = " · ".join(f"{name} {figure}" for name, figure in figures)
    return f"{one_line(item.slice, 60)}, 95 %: {known}"
