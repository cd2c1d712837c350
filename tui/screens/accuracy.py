"""How good the detectors are on a benchmark, with intervals, and where the chosen one errs."""

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from tui.bindings import bindings
from tui.calls import Calls
from tui.keymap import Keymap
from tui.messages import AccuracyRead
from tui.screens.work import WorkScreen
from tui.views import AccuracyView, DetectorScores, Labels, Snapshot
from tui.widgets.confusion import ConfusionMatrix
from tui.widgets.empty_state import EmptyState
from tui.widgets.figures import show_percent
from tui.widgets.table import Column, Row, Table


class AccuracyScreen(WorkScreen):
    """Detectors in a table, the chosen one's confusion matrix below."""

    CSS_PATH = "accuracy.tcss"
    SCOPE = "accuracy"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("accuracy")]

    def __init__(self, workspace_name: str, calls: Calls, keymap: Keymap, labels: Labels) -> None:
        super().__init__(workspace_name, calls, keymap)
        self._view = AccuracyView((), ())
        self._benchmark = 0
        self._chosen = 0
        self._stamp = ""
        self._table = Table(())
        self._matrix = ConfusionMatrix(labels)
        self._empty = EmptyState(
            "Detectors will be compared here once one has been evaluated.", keymap
        )

    def compose_body(self) -> Iterable[Widget]:
        """Lay the table over the matrix."""
        yield self._empty
        yield self._table
        yield self._matrix

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Read the evaluations again where they may have changed."""
        self._empty.snapshot = snapshot
        session = self.session
        if session is not None and snapshot.figures != self._stamp:
            self._stamp = snapshot.figures
            self.read("accuracy", lambda: AccuracyRead(session.accuracy()))

    def on_accuracy_read(self, message: AccuracyRead) -> None:
        """Show the evaluations that came; keep the choices where they still exist."""
        self._view = message.view
        self._show()

    def on_resize(self) -> None:
        """Show as many intervals as there is room for."""
        self._show()

    def _show(self) -> None:
        has_any = bool(self._view.benchmarks)
        self.show_empty(not has_any)
        self._empty.display = not has_any
        self._table.display = self._matrix.display = has_any
        if not has_any:
            return
        self._benchmark %= len(self._view.benchmarks)
        name, scores = self._view.benchmarks[self._benchmark]
        self._chosen = min(self._chosen, len(scores) - 1)
        key = self.keymap.shown("accuracy.next_benchmark")
        which = f" ({self._benchmark + 1} of {len(self._view.benchmarks)}, {key})"
        self._table.set_title(f"Benchmark {name}{which if len(self._view.benchmarks) > 1 else ''}")
        wide = not self.is_narrow
        self._table.show(_columns(), [_row(item, wide) for item in scores], self._chosen)
        self._matrix.positive = self._view.positive
        self._matrix.scores = scores[self._chosen]

    def action_move(self, by: int) -> None:
        """Choose another detector."""
        self._chosen = max(self._chosen + by, 0)
        self._show()

    def action_next_benchmark(self) -> None:
        """Show the next benchmark."""
        self._benchmark += 1
        self._show()


def _columns() -> tuple[Column, ...]:
    names = ("accuracy", "precision", "recall", "F1", "FPR")
    return (
        Column("detector", flexible=True),
        Column("n", right=True),
        *(Column(f"{name} %", right=True) for name in names),
    )


def _row(scores: DetectorScores, wide: bool) -> Row:
    shares = (scores.accuracy, scores.precision, scores.recall, scores.f1, scores.fpr)
    figures = (show_percent(share, with_interval=wide) for share in shares)
    return (scores.detector, f"{scores.n:,}", *figures)
