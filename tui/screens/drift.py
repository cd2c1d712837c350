"""How far answers have drifted from their seeds, by dataset and by seed label."""

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from tui.bindings import bindings
from tui.calls import Calls
from tui.inert import one_line
from tui.keymap import Keymap
from tui.messages import DriftRead
from tui.screens.work import WorkScreen
from tui.views import DriftRow, DriftView, Labels, Snapshot
from tui.widgets.bar import marked_bar
from tui.widgets.empty_state import EmptyState
from tui.widgets.figures import show_number, show_share
from tui.widgets.table import Cell, Column, Row, Table

LEGEND = (
    "BERTScore of an answer against its own seed; the interval of the mean F1 is 95 %, by "
    "Student's t.\n┃ floor: mean F1 of the same answers against other seeds of their dataset. "
    "What lies near the floor has drifted all the way."
)
NARROW_BAR, WIDE_BAR = 12, 40


class DriftScreen(WorkScreen):
    """A row a group with its figures and a bar from 0 to 1."""

    CSS_PATH = "drift.tcss"
    SCOPE = "drift"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("drift")]

    def __init__(self, workspace_name: str, calls: Calls, keymap: Keymap, labels: Labels) -> None:
        super().__init__(workspace_name, calls, keymap)
        self._labels = labels
        self._view = DriftView("", ())
        self._stamp = ""
        self._table = Table(())
        self._legend = Static(id="legend", markup=False)
        self._empty = EmptyState(
            "Drift figures will stand here once answers have been scored against their seeds.",
            keymap,
        )

    def compose_body(self) -> Iterable[Widget]:
        """Lay the table over how to read it."""
        yield self._empty
        yield self._table
        yield self._legend

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Read the figures again where they may have changed."""
        self._empty.snapshot = snapshot
        session = self.session
        if session is not None and snapshot.figures != self._stamp:
            self._stamp = snapshot.figures
            self.read("drift", lambda: DriftRead(session.drift()))

    def on_drift_read(self, message: DriftRead) -> None:
        """Show the figures that came."""
        self._view = message.view
        self._show()

    def on_resize(self) -> None:
        """Draw the bars as wide as there is room."""
        self._show()

    def _show(self) -> None:
        rows = self._view.rows
        self.show_empty(not rows)
        self._empty.display = not rows
        self._table.display = self._legend.display = bool(rows)
        wide = not self.is_narrow
        self._table.set_reactive(Table.columns, _columns(wide))
        self._table.set_reactive(Table.rows, tuple(self._row(row, wide) for row in rows))
        self._table.redraw()
        self._legend.update(Content(f"{LEGEND}\n{self._remarks()}"))

    def _row(self, row: DriftRow, wide: bool) -> Row:
        view = self._labels.named(row.label) if row.label else None
        label: Cell = (f"{view.glyph} {view.name}", view.style) if view else ("all labels", "bold")
        dataset: Cell = row.dataset if row.dataset else ("all datasets", "bold")
        drawn = marked_bar(row.f1.value or 0.0, row.floor, WIDE_BAR if wide else NARROW_BAR)
        figures: tuple[Cell, ...] = (show_share(row.f1), show_number(row.floor))
        if wide:
            figures = (show_number(row.precision), show_number(row.recall), *figures)
        return (dataset, label, f"{row.n:,}", *figures, (drawn, view.style if view else ""))

    def _remarks(self) -> str:
        """Return what qualifies the figures, over all answers."""
        whole = next((row for row in self._view.rows if not row.dataset and not row.label), None)
        remarks = [f"Scored with {one_line(self._view.model)}."]
        if whole and whole.cut:
            remarks.append(f"{whole.cut:,} texts were longer than it reads.")
        if whole and whole.predicted:
            remarks.append(f"{whole.predicted:,} seed labels were predicted, not given.")
        return " ".join(remarks)

    def action_scroll(self, by: int) -> None:
        """Scroll by a row."""
        self._table.scroll_rows(by)


def _columns(wide: bool) -> tuple[Column, ...]:
    inner = (Column("P", right=True), Column("R", right=True)) if wide else ()
    return (
        Column("dataset", flexible=True),
        Column("seed label", flexible=True),
        Column("n", right=True),
        *inner,
        Column("F1 (95 %)"),
        Column("floor", right=True),
        Column("0 … 1"),
    )
