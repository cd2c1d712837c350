"""A view: what the probabilities of the chosen detector are worth, in three charts."""

from typing import TYPE_CHECKING, Final

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from tui.frame.asking import Asking
from tui.frame.calls import Calls
from tui.keys.keymap import Keymap
from tui.screens.accuracy.messages import CurveRead
from tui.screens.accuracy.views import Subject
from tui.screens.accuracy.wording import HOW_TO_READ, WAITING, describe_areas, name_detector

if TYPE_CHECKING:
    from tui.screens.accuracy.chart import AccuracyChart
    from tui.services.results.thresholds import ThresholdCurve

TITLES: Final = ("precision against recall", "by threshold", "calibration")


class CurvesView(Vertical):
    """Charts side by side; one of them at a time where it is narrow. The parent sets `subject`."""

    subject: reactive[Subject | None] = reactive(None, init=False)

    def __init__(self, calls: Calls, keymap: Keymap) -> None:
        super().__init__(id="curves")
        self._asking = Asking(self, calls)
        self._keymap = keymap
        self._curve: ThresholdCurve | None = None  # None while it is read
        self._chosen = 0  # of the charts
        self._charts: tuple[AccuracyChart, ...] = ()
        self._words = Static(classes="words", markup=False)

    def compose(self) -> ComposeResult:
        """Lay the charts side by side."""
        from tui.screens.accuracy.chart import AccuracyChart  # here, for it takes 0.3 s to import

        self._charts = tuple(AccuracyChart() for _ in TITLES)
        yield self._words
        yield Horizontal(*self._charts)
        yield Static(Content(HOW_TO_READ["curves"]), classes="legend")

    def on_resize(self, _event: events.Resize) -> None:
        """Name the charts as many as there is room for."""
        self._show_titles()

    def watch_subject(self, before: Subject | None, subject: Subject | None) -> None:
        """Read the curve of another detector, and draw the calibration that is known of it."""
        if subject is None:
            return
        desk, dataset, detector = subject.desk, subject.dataset, subject.detector
        if before is None or (before.dataset, before.detector) != (dataset, detector):
            self._curve = None
            self._asking.read("curve", lambda: CurveRead(detector, desk.curve(dataset, detector)))
        scores = subject.scores.scores_of(detector.detector_id) if subject.scores else None
        if scores is not None:
            self._charts[2].show_reliability(scores)
        self._describe()

    def on_curve_read(self, message: CurveRead) -> None:
        """Draw the curve, unless another detector is chosen by now."""
        message.stop()
        if self.subject is not None and message.detector == self.subject.detector:
            self._curve = message.curve
            precision, thresholds, _ = self._charts
            precision.show_precision(message.curve)
            thresholds.show_thresholds(message.curve)
            self._describe()

    def turn(self, by: int) -> None:
        """Show another chart, if there is room for one only."""
        self._chosen = (self._chosen + by) % len(TITLES)
        self._show_titles()

    def _show_titles(self) -> None:
        is_narrow, key = self.screen.has_class("-narrow"), self._keymap.shown("accuracy.right")
        for place, chart in enumerate(self._charts):
            chart.set_class(place == self._chosen, "-chosen")
            which = f" ({place + 1} of {len(TITLES)}, {key})" if is_narrow else ""
            chart.border_title = Content(f"{TITLES[place]}{which}")

    def _describe(self) -> None:
        if self.subject is not None:
            self._words.update(Content(_describe_curve(self.subject, self._curve)))


def _describe_curve(subject: Subject, curve: "ThresholdCurve | None") -> str:
    """What the probabilities are worth, or why that is not known."""
    name, scores = name_detector(subject), subject.scores
    found = scores.scores_of(subject.detector.detector_id) if scores else None
    if scores is not None and found is None:
        return f"{name}: no row with a label was evaluated."
    if scores is None or found is None or curve is None or not scores.is_complete:
        return f"{name}: {WAITING}"
    if not curve.n:
        return f"{name}: no row has a probability."
    return describe_areas(name, found, curve)
