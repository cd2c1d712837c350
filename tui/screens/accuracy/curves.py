"""A view: what the probabilities of the chosen and the marked detectors are worth, in charts."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from textual import events
from textual.app import ComposeResult
from textual.containers import Grid, Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from tui.frame.asking import Asking
from tui.frame.calls import Calls
from tui.keys.keymap import Keymap
from tui.screens.accuracy.messages import CurvesRead
from tui.screens.accuracy.pictures import (
    CHOSEN,
    DrawnCurve,
    calibration,
    precision_recall,
    roc,
    thresholds,
)
from tui.screens.accuracy.views import EvaluatedDetector, Subject
from tui.screens.accuracy.wording import HOW_TO_READ, WAITING, describe_areas, name_detector
from tui.widgets.plot.plot import Plot

if TYPE_CHECKING:
    from tui.services.results.thresholds import ThresholdCurve

TITLES: Final = {
    "roc": "ROC",
    "precision": "Precision and recall",
    "calibration": "Calibration",
    "thresholds": "By threshold",
}


class CurvesView(Vertical):
    """Charts beside each other; one of them at a time where it is narrow.

    The parent sets `subject`.
    """

    subject: reactive[Subject | None] = reactive(None, init=False)

    def __init__(self, calls: Calls, keymap: Keymap) -> None:
        super().__init__(id="curves")
        self._asking = Asking(self, calls)
        self._keymap = keymap
        self._curves: Mapping[str, ThresholdCurve] = {}  # by detector_id, as far as they are read
        self._chosen = 0  # of the charts
        self._charts = {name: Plot(id=name) for name in TITLES}
        self._words = Static(classes="words", markup=False)

    def compose(self) -> ComposeResult:
        """Lay the charts beside each other."""
        yield self._words
        yield Grid(*self._charts.values())
        yield Static(Content(HOW_TO_READ["curves"]), classes="legend")

    def on_resize(self, _event: events.Resize) -> None:
        """Name the charts as many as there is room for."""
        self._show_titles()

    def watch_subject(self, before: Subject | None, subject: Subject | None) -> None:
        """Read the curves that are not known yet, and draw those that are."""
        if subject is None:
            return
        if before is None or before.dataset != subject.dataset:
            self._curves = {}
        missing = [item for item in subject.drawn if item.detector_id not in self._curves]
        if missing:
            desk, dataset = subject.desk, subject.dataset
            self._asking.read("curves", lambda: CurvesRead(dataset, desk.curves(dataset, missing)))
        self._show()

    def on_curves_read(self, message: CurvesRead) -> None:
        """Draw the curves, unless another dataset is chosen by now."""
        message.stop()
        if self.subject is not None and message.dataset == self.subject.dataset:
            self._curves = {**self._curves, **message.curves}
            self._show()

    def turn(self, by: int) -> None:
        """Show another chart, if there is room for one only."""
        self._chosen = (self._chosen + by) % len(TITLES)
        self._show_titles()

    def _show_titles(self) -> None:
        is_narrow, key = self.screen.has_class("-narrow"), self._keymap.shown("accuracy.right")
        for place, (name, chart) in enumerate(self._charts.items()):
            chart.set_class(place == self._chosen, "-chosen")
            which = f" ({place + 1} of {len(TITLES)}, {key})" if is_narrow else ""
            chart.border_title = Content(f"{TITLES[name]}{which}")

    def _show(self) -> None:
        """Draw what is known of the chosen detector, over the marked ones."""
        subject = self.subject
        if subject is None:
            return
        drawn = [item for item in map(self._draw, subject.drawn) if item is not None]
        own = self._draw(subject.detector)
        with_areas = [item for item in drawn if item.curve.curve]
        self._charts["roc"].picture = roc(with_areas)
        self._charts["precision"].picture = precision_recall(with_areas)
        self._charts["thresholds"].picture = thresholds(own) if own else None
        self._charts["calibration"].picture = calibration(own.scores) if own else None
        self._words.update(Content(_describe(subject, own)))

    def _draw(self, detector: EvaluatedDetector) -> DrawnCurve | None:
        """A detector's curve with its scores; None before both are read."""
        subject, curve = self.subject, self._curves.get(detector.detector_id)
        scores = (
            subject.scores.scores_of(detector.detector_id) if subject and subject.scores else None
        )
        if subject is None or curve is None or scores is None:
            return None
        sign = subject.sign_of(detector.detector_id)
        return DrawnCurve(CHOSEN if sign == " " else sign, curve, scores)


def _describe(subject: Subject, own: DrawnCurve | None) -> str:
    """What the probabilities are worth, or why that is not known."""
    name, scores = name_detector(subject), subject.scores
    if scores is not None and scores.scores_of(subject.detector.detector_id) is None:
        return f"{name}: no row with a label was evaluated."
    if scores is None or own is None or not scores.is_complete:
        return f"{name}: {WAITING}"
    if not own.curve.n:
        return f"{name}: no row has a probability."
    return describe_areas(name, own.scores, own.curve)
