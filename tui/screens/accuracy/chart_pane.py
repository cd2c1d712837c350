"""The chart of all contestants with its key: below the table, or alone where it is narrow."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from tui.keys.keymap import Keymap
from tui.screens.accuracy.contestants import (
    describe_rows,
    describe_signs,
    intervals_of,
    measure_name,
)
from tui.screens.accuracy.intervals import IntervalChart
from tui.screens.accuracy.views import Subject


class ChartPane(Vertical):
    """Dots with intervals in a frame that names the measure. The parent sets `subject`."""

    subject: reactive[Subject | None] = reactive(None, init=False)

    def __init__(self, keymap: Keymap, *, id: str | None = None) -> None:  # noqa: A002 (Textual's)
        super().__init__(id=id)
        self._keymap = keymap
        self._chart = IntervalChart()
        self._key = Static(classes="key", markup=False)

    def compose(self) -> ComposeResult:
        """Lay the chart over its key."""
        yield self._chart
        yield self._key

    def watch_subject(self, subject: Subject | None) -> None:
        """Draw another measure, or other scores."""
        if subject is None or subject.scores is None:
            return
        per_cent = "" if "per 1,000" in measure_name(subject) else ", per cent"
        key = self._keymap.shown("accuracy.measure")
        title = (
            f"{measure_name(subject)}{per_cent}, 95 % intervals, {describe_rows(subject)} "
            f"({key}: another measure)"
        )
        self.border_title = Content(title)
        self._chart.intervals = intervals_of(subject)
        self._key.update(Content(describe_signs(subject)))
