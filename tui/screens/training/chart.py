"""A chart of learning curves, which signs distinguish, so that it needs no colour."""

from typing import Final

from textual_plotext import PlotextPlot

from tui.screens.training.views import Drawing, DrawnCurve, Quantity
from tui.screens.training.wording import HELD_OUT

COLOURS: Final = (  # the theme's foreground for the chosen curve, and those of its labels
    (230, 233, 238), (240, 168, 48), (86, 180, 233), (67, 197, 158), (221, 144, 189)
)  # fmt: skip
QUIET: Final = (163, 175, 189)
SIGNS_EACH: Final = 10  # on a curve, about
MARKS: Final = 5  # on the axis of learning rates


class CurveChart(PlotextPlot):
    """Loss or learning rate over the rows seen, each curve a line with its sign on it.

    It has no legend of its own: that would hide where curves begin.
    """

    DEFAULT_CLASSES = "figure"

    def show(self, drawing: Drawing) -> None:
        """Draw other curves; the first one on top, with a line where a training stage begins."""
        plot, drawn, quantity = self.plt, drawing.curves, drawing.quantity
        plot.clear_figure()
        for start in drawn[0].curve.stage_starts if drawn else ():
            plot.vline(start, QUIET)
        for place, item in reversed(list(enumerate(drawn))):
            self._draw(item, quantity, COLOURS[place])
        if drawn and quantity == "loss" and drawn[0].curve.held_out:
            rows, losses = zip(*drawn[0].curve.held_out, strict=True)
            plot.scatter(rows, losses, color=COLOURS[0], marker=HELD_OUT)
        if drawn and quantity == "learning rate":
            highest = max(rate for item in drawn for rate in item.curve.learning_rates)
            marks = [highest * number / (MARKS - 1) for number in range(MARKS)]
            plot.yticks(marks, [f"{mark:.1e}" for mark in marks])
        plot.xlabel("rows seen")
        plot.ylabel(quantity)
        self.refresh()

    def _draw(self, item: DrawnCurve, quantity: Quantity, colour: tuple[int, int, int]) -> None:
        curve = item.curve
        values = curve.losses if quantity == "loss" else curve.learning_rates
        known = [pair for pair in zip(curve.rows, values, strict=True) if pair[1] is not None]
        if known:
            rows, shown = zip(*known, strict=True)
            every = max(len(known) // SIGNS_EACH, 1)
            self.plt.plot(rows, shown, color=colour, marker="braille")
            self.plt.scatter(rows[::-every], shown[::-every], color=colour, marker=item.sign)
