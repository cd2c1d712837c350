"""The first view: the detectors on a dataset over the matrix of the chosen one."""

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from tui.frame.snapshot import Labels
from tui.keys.keymap import Keymap
from tui.screens.accuracy.matrix import ConfusionMatrix
from tui.screens.accuracy.measure_rows import (
    ALARM_COLUMNS,
    MEASURE_COLUMNS,
    SPREAD_COLUMNS,
    alarm_row,
    measure_row,
    spread_row,
)
from tui.screens.accuracy.views import DatasetScores, Subject
from tui.screens.accuracy.wording import HOW_TO_READ, WAITING, name_dataset
from tui.widgets.table import Row, Table

INTERVALS_FROM = 150  # columns; seven measures with intervals fit beside a name then


class MeasuresView(Vertical):
    """Measures or alarms of the detectors. The parent sets `subject`."""

    subject: reactive[Subject | None] = reactive(None, init=False)

    def __init__(self, keymap: Keymap, labels: Labels) -> None:
        super().__init__(id="measures")
        self._keymap = keymap
        self._detectors = Table((), id="detectors")
        self._matrix = ConfusionMatrix(labels)
        self._spread = Table(SPREAD_COLUMNS, id="spread")
        self._legend = Static(classes="legend", markup=False)

    def compose(self) -> ComposeResult:
        """Lay the detectors over the chosen one's matrix and the spread over seeds."""
        self._matrix.display = self._spread.display = False
        yield self._detectors
        yield self._matrix
        yield self._spread
        yield self._legend

    def on_resize(self, _event: events.Resize) -> None:
        """Show as much as there is room for."""
        self._show()

    def watch_subject(self) -> None:
        """Show another detector, or other scores."""
        self._show()

    def _show(self) -> None:
        subject = self.subject
        if subject is None:
            return
        scores, title = subject.scores, name_dataset(subject, self._keymap)
        self._matrix.display = scores is not None
        self._detectors.set_title(title if scores else f"{title}: {WAITING}")
        if scores is None:
            self._spread.display = False
            return
        columns = ALARM_COLUMNS if scores.alarms else MEASURE_COLUMNS
        listed = subject.listed
        chosen = listed.index(subject.detector) if subject.detector in listed else None
        self._detectors.show(columns, self._rows(subject, scores), chosen)
        self._matrix.subject = subject
        several = [item for item in scores.comparison.recipes if len(item.seeds) > 1]
        self._spread.display = bool(several) and not self.screen.has_class("-narrow")
        self._spread.set_title("Over seeds: mean ± sample standard deviation, per cent")
        self._spread.show(SPREAD_COLUMNS, [spread_row(item) for item in several])
        self._legend.update(Content(HOW_TO_READ["alarms" if scores.alarms else "measures"]))

    def _rows(self, subject: Subject, scores: DatasetScores) -> list[Row]:
        marked_id = subject.marked.detector_id if subject.marked else ""
        if scores.alarms:
            return [
                alarm_row(
                    detector,
                    scores.alarms_of(detector.detector_id),
                    is_marked=detector.detector_id == marked_id,
                )
                for detector in subject.listed
            ]
        return [
            measure_row(
                row,
                is_marked=row.detector_id == marked_id,
                is_complete=scores.is_complete,
                with_intervals=self.size.width >= INTERVALS_FROM,
            )
            for row in scores.comparison.rows
        ]
