"""Charts of one detector: precision against recall, measures by threshold, and calibration.

Each line has a sign of its own, so that charts can be read without colour.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from textual_plotext import PlotextPlot

if TYPE_CHECKING:
    from tui.services.results.scores import DetectorScores
    from tui.services.results.thresholds import ThresholdCurve

# Of the theme: primary, quiet, and the colours of two labels.
BLUE, GREY, ORANGE, GREEN = (86, 180, 233), (163, 175, 189), (230, 159, 0), (0, 158, 115)
SIGNS: Final = {"precision": "●", "recall": "○", "F1": "+", "FPR": "×"}
TICKS: Final = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]

STEPS: Final = 40  # of a line that is drawn by signs

Points = Sequence[tuple[float | None, float | None]]


class AccuracyChart(PlotextPlot):
    """A square from 0 to 1 with lines of signs in it."""

    DEFAULT_CLASSES = "figure"

    def _begin(self, across: str, up: str) -> None:
        plot = self.plt
        plot.clear_data()
        plot.clear_figure()
        plot.xlim(0, 1)
        plot.ylim(0, 1)
        for ticks in (plot.xticks, plot.yticks):
            ticks(TICKS, [f"{tick:.1f}" for tick in TICKS])
        plot.xlabel(across)
        plot.ylabel(up)

    def _draw(
        self, points: Points, sign: str, color: tuple[int, int, int], label: str | None
    ) -> None:
        known = [(x, y) for x, y in points if x is not None and y is not None]
        if known:
            across, up = ([pair[axis] for pair in known] for axis in (0, 1))
            self.plt.scatter(across, up, marker=sign, color=color, label=label)

    def show_precision(self, curve: "ThresholdCurve") -> None:
        """Draw precision against recall, and the share of positives, which guessing has."""
        self._begin("recall", "precision")
        points = [(point.recall, point.precision) for point in curve.curve]
        self._draw(points, SIGNS["precision"], BLUE, "precision")
        base = curve.curve[0].precision if curve.curve else None
        self._draw([(step / STEPS, base) for step in range(STEPS + 1)], "·", GREY, "flagging all")
        self.refresh()

    def show_thresholds(self, curve: "ThresholdCurve") -> None:
        """Draw every measure against the threshold, and where it was chosen."""
        self._begin("threshold", "share")
        at = [point.threshold for point in curve.curve]
        for (name, sign), values, color in zip(
            SIGNS.items(),
            (
                [point.precision for point in curve.curve],
                [point.recall for point in curve.curve],
                [point.f1 for point in curve.curve],
                [point.false_positive_rate for point in curve.curve],
            ),
            (BLUE, ORANGE, GREEN, GREY),
            strict=True,
        ):
            self._draw(list(zip(at, values, strict=True)), sign, color, name)
        if curve.chosen is not None:
            chosen = curve.chosen.threshold
            line = [(chosen, step / STEPS) for step in range(STEPS + 1)]
            self._draw(line, "┃", GREY, "chosen")
        self.refresh()

    def show_reliability(self, scores: "DetectorScores") -> None:
        """Draw the share of positives against the mean probability, by tenths."""
        self._begin("mean probability", "positives")
        diagonal = [(step / STEPS, step / STEPS) for step in range(STEPS + 1)]
        self._draw(diagonal, "·", GREY, "as certain as right")
        for item in scores.calibration:
            low, high = item.positives.low, item.positives.high
            rise = [low + (high - low) * step / STEPS for step in range(STEPS + 1)]
            self._draw([(item.mean_probability, y) for y in rise], "│", GREY, None)
        points = [(item.mean_probability, item.positives.value) for item in scores.calibration]
        self._draw(points, "●", BLUE, "positives (95 %)")
        self.refresh()
