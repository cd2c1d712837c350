"""A chart of how scores are spread, with the floor drawn in."""

from typing import TYPE_CHECKING

from textual_plotext import PlotextPlot

from tui.frame.theme import colour_of

if TYPE_CHECKING:
    from tui.services.results.drift_pairs import Spread

STEP = 0.1  # between the marks of the axis


class SpreadChart(PlotextPlot):
    """Shares of pairs over F1; the floor is a line, so that it shows without colour too."""

    DEFAULT_CLASSES = "figure"

    def show(self, spread: "Spread") -> None:
        """Draw another spread."""
        plot = self.plt
        blue, grey = (colour_of(self.app, name) for name in ("primary", "quiet"))
        plot.clear_data()
        bins = len(spread.pairs)
        middles = [(number + 0.5) / bins for number in range(bins)]
        total, floor = max(sum(spread.pairs), 1), sum(spread.floor)
        plot.bar(
            middles, [100 * count / total for count in spread.pairs], color=blue, width=1,
            label="pairs",
        )  # fmt: skip
        if floor:
            shares = [100 * count / floor for count in spread.floor]
            plot.plot(middles, shares, color=grey, marker="braille", label="floor")
        plot.xlim(0, 1)
        marks = [round(number * STEP, 1) for number in range(round(1 / STEP) + 1)]
        plot.xticks(marks, [f"{mark:.1f}" for mark in marks])
        plot.xlabel("F1")
        plot.ylabel("% of pairs")
        self.refresh()
