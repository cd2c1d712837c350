"""A chart of how scores are spread, with the floor drawn in."""

from typing import TYPE_CHECKING

from textual_plotext import PlotextPlot

if TYPE_CHECKING:
    from tui.services.results.drift_pairs import Spread

PAIRS, FLOOR = (86, 180, 233), (163, 175, 189)  # the theme's primary and quiet colours
STEP = 0.1  # between the marks of the axis


class SpreadChart(PlotextPlot):
    """Shares of pairs over F1; the floor is a line, so that it shows without colour too."""

    DEFAULT_CLASSES = "figure"

    def show(self, spread: "Spread") -> None:
        """Draw another spread."""
        plot = self.plt
        plot.clear_data()
        bins = len(spread.pairs)
        middles = [(number + 0.5) / bins for number in range(bins)]
        total, floor = max(sum(spread.pairs), 1), sum(spread.floor)
        plot.bar(
            middles, [100 * count / total for count in spread.pairs], color=PAIRS, width=1,
            label="pairs",
        )  # fmt: skip
        if floor:
            shares = [100 * count / floor for count in spread.floor]
            plot.plot(middles, shares, color=FLOOR, marker="braille", label="floor")
        plot.xlim(0, 1)
        marks = [round(number * STEP, 1) for number in range(round(1 / STEP) + 1)]
        plot.xticks(marks, [f"{mark:.1f}" for mark in marks])
        plot.xlabel("F1")
        plot.ylabel("% of pairs")
        self.refresh()
