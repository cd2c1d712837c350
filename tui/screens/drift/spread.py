"""How the scores of the chosen group are spread, as a framed plot."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive

from tui.frame.asking import Asking
from tui.frame.calls import Calls
from tui.screens.drift.messages import SpreadRead
from tui.screens.drift.views import Subject
from tui.screens.drift.wording import name_group
from tui.widgets.plot.picture import DASHES, Entry, Line, Picture
from tui.widgets.plot.plot import Plot

if TYPE_CHECKING:
    from tui.services.results.drift_pairs import Spread

PAIRS: Final = ("●", "$primary", DASHES[0])
FLOOR: Final = ("○", "$quiet", DASHES[1])


class SpreadView(Vertical):
    """A plot with the group in its title. The parent sets `subject`."""

    subject: reactive[Subject | None] = reactive(None, init=False)

    def __init__(self, calls: Calls) -> None:
        super().__init__(id="spread")
        self._asking = Asking(self, calls)
        self._plot = Plot()

    def compose(self) -> ComposeResult:
        """Put the plot into its frame."""
        yield self._plot

    def watch_subject(self, subject: Subject | None) -> None:
        """Name the group and read its spread."""
        if subject is not None:
            self.border_title = Content(f"F1, {name_group(subject.group)}")
            self._asking.read(
                "spread",
                lambda: SpreadRead(
                    subject, subject.desk.spread(subject.config_hash, subject.group)
                ),
            )

    def on_spread_read(self, message: SpreadRead) -> None:
        """Draw the spread."""
        message.stop()
        if message.subject == self.subject:
            self._plot.picture = draw_spread(message.spread)


def draw_spread(spread: "Spread") -> Picture:
    """The share of pairs in each bin of F1, and of shuffled pairs, over the bins that have any."""
    drawn = [
        (_shares(counts), sum(counts), name, look)
        for counts, name, look in (
            (spread.pairs, "pairs", PAIRS), (spread.floor, "floor: shuffled pairs", FLOOR)
        )
        if sum(counts)
    ]  # fmt: skip
    return Picture(
        across="F1", up=f"% of pairs, in bins of {1 / len(spread.pairs):g}",
        x_range=tuple(x for points, *_ in drawn for x, _ in points),
        y_range=(0.0, *(y for points, *_ in drawn for _, y in points)),
        x_limits=(0.0, 1.0), y_limits=(0.0, 100.0),
        lines=tuple(
            Line(points, style, dash, sign) for points, _, _, (sign, style, dash) in drawn
        ),
        key=tuple(
            Entry(sign, f"{name}, n = {n:,}", style, dash)
            for _, n, name, (sign, style, dash) in drawn
        ),
    )  # fmt: skip


def _shares(counts: Sequence[int]) -> tuple[tuple[float, float], ...]:
    """(middle of the bin, % of all), from one bin before the first that has any to one after."""
    bins, total = len(counts), sum(counts)
    filled = [number for number, count in enumerate(counts) if count]
    first, last = max(filled[0] - 1, 0), min(filled[-1] + 1, bins - 1)
    return tuple(
        ((number + 0.5) / bins, 100 * counts[number] / total) for number in range(first, last + 1)
    )
