"""The first view: the detectors on a dataset over their chart, and the matrix of the chosen one."""

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from tui.frame.snapshot import Labels
from tui.keys.keymap import Keymap
from tui.screens.accuracy.chart_pane import ChartPane
from tui.screens.accuracy.matrix import ConfusionMatrix
from tui.screens.accuracy.measure_rows import (
    ALARM_COLUMNS,
    INTERVALS_FROM,
    SPREAD_COLUMNS,
    alarm_row,
    measure_columns,
    measure_row,
    spread_row,
)
from tui.screens.accuracy.ranking import order_best_first
from tui.screens.accuracy.views import DatasetScores, Subject
from tui.screens.accuracy.wording import HOW_TO_READ, WAITING, describe_tests, name_dataset
from tui.services.results.one_class import explain_one_class
from tui.services.results.power import describe_power
from tui.widgets.plain import plain
from tui.widgets.table import Column, Row, Table


class MeasuresView(Vertical):
    """Measures or alarms of the detectors. The parent sets `subject`."""

    subject: reactive[Subject | None] = reactive(None, init=False)

    def __init__(self, keymap: Keymap, labels: Labels) -> None:
        super().__init__(id="measures")
        self._keymap = keymap
        self._detectors = Table((), id="detectors")
        self._chart = ChartPane(keymap)
        self._matrix = ConfusionMatrix(labels)
        self._below = Horizontal(self._chart, self._matrix)
        self._spread = Table(SPREAD_COLUMNS, id="spread")
        self._legend = Static(classes="legend", markup=False)

    def compose(self) -> ComposeResult:
        """Lay the detectors over chart and matrix, over the spread over seeds."""
        self._below.display = self._spread.display = False
        yield self._detectors
        yield self._below
        yield self._spread
        yield self._legend

    def on_resize(self, _event: events.Resize) -> None:
        """Show as much as there is room for."""
        self._show()

    def watch_subject(self, subject: Subject | None) -> None:
        """Show another detector, or other scores."""
        if subject is not None:
            self._show()

    def _show(self) -> None:
        subject = self.subject
        if subject is None:
            return
        scores, title = subject.scores, name_dataset(subject, self._keymap)
        self._below.display = scores is not None
        self._detectors.set_title(title if scores else f"{title}: {WAITING}")
        if scores is None:
            self._spread.display = False
            return
        listed = subject.listed
        chosen = listed.index(subject.detector) if subject.detector in listed else None
        self._detectors.show(*self._table(subject, scores), chosen)
        self._show_below(subject)
        several = [item for item in scores.comparison.recipes if len(item.seeds) > 1]
        self._spread.display = bool(several) and not self.screen.has_class("-narrow")
        self._spread.set_title("Over seeds: mean ± sample standard deviation, per cent")
        self._spread.show(SPREAD_COLUMNS, [spread_row(item) for item in several])
        self._detectors.border_subtitle = plain(describe_tests(subject))
        legend = HOW_TO_READ["alarms" if scores.alarms else "measures"]
        power = describe_power(*subject.against.pairs.alone) if subject.against else ""
        own = scores.scores_of(subject.detector.detector_id)
        alone = explain_one_class(own.collapsed) if own else ""
        self._legend.update(Content(" ".join(part for part in (alone, legend, power) if part)))

    def _show_below(self, subject: Subject) -> None:
        is_narrow = self.screen.has_class("-narrow")
        self._chart.display = not is_narrow
        self._matrix.display = is_narrow or self.size.width >= INTERVALS_FROM
        self._matrix.is_brief = not is_narrow
        self._chart.subject = self._matrix.subject = subject

    def _table(
        self, subject: Subject, scores: DatasetScores
    ) -> tuple[tuple[Column, ...], list[Row]]:
        if scores.alarms:
            return ALARM_COLUMNS, [alarm_row(item, subject, scores) for item in subject.listed]
        width = self.size.width
        rows = order_best_first(scores.comparison.rows, subject.measure)
        return measure_columns(subject), [measure_row(subject, scores, row, width) for row in rows]
