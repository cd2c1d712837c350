"""Dots with their intervals, one line for each contestant, over an axis that all share."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tui.services.inert import one_line
from tui.widgets.fitting import cut_middle
from tui.widgets.plot.axis import Axis
from tui.widgets.plot.ticks import Limits, column_of, draw_ticks, fit_ticks

MOST_LINES: Final = 5  # of a contestant, where there is room
NARROWEST: Final = 10  # cells of the plot
SHORTEST: Final = 12  # cells of a name that is cut
BAND: Final = "░"
QUIET: Final = "$quiet"
BELOW: Final = 2  # lines of the axis


@dataclass(frozen=True, slots=True)
class Dot:
    """A figure as it is on the axis; few rows have no interval."""

    value: float
    interval: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Contestant:
    """One line: name, sign of its dot, the figure, and how that is written.

    `note` says before the name what is special about it: marked, best, trained on the rows.
    """

    name: str
    sign: str
    figure: Dot | None
    shown: str
    note: str = ""
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Intervals:
    """What is drawn: contestants from the top, and the band of the marked one's interval.

    Figures are as they are written, in per cent say; `limits` are where the axis ends at last.
    """

    contestants: tuple[Contestant, ...] = ()
    band: tuple[float, float] | None = None
    limits: Limits = (None, None)


class IntervalChart(Widget):
    """The parent sets `intervals`."""

    DEFAULT_CLASSES = "figure"

    intervals: reactive[Intervals] = reactive(Intervals())

    def render(self) -> Content:
        """Draw as many contestants as fit, the chosen one among them."""
        return Content("\n").join(draw_intervals(self.intervals, self.size.width, self.size.height))


def draw_intervals(drawn: Intervals, width: int, height: int) -> list[Content]:
    """The lines of the chart, of at most `width` cells; of too many, those around the chosen."""
    room = height - BELOW
    if not drawn.contestants or room < 1:
        return []
    each = max(1, min(MOST_LINES, room // len(drawn.contestants)))
    listed = _around_chosen(drawn.contestants, room // each)
    values = max(len(item.shown) for item in listed)
    notes = max(len(item.note) for item in listed)
    names = max(len(one_line(item.name)) for item in listed)
    columns = width - names - notes - values - 5
    least = max(NARROWEST, width // 2)
    if columns < least:
        names, columns = names - (least - columns), least
        columns -= max(SHORTEST - names, 0)
        names = max(SHORTEST, names)
    axis = _axis(drawn, columns)
    margin = notes + names + 3
    lines = []
    for item in listed:
        name = cut_middle(Content(one_line(item.name)), names)
        head = Content.assemble(
            "▸ " if item.is_chosen else "  ",
            f"{item.note:<{notes}}",
            name.pad_right(max(names - name.cell_length, 0)),
            " ",
        )
        style = "bold" if item.is_chosen else ""
        plot = _line(item, drawn.band, axis, columns)
        lines.append(head.stylize(style) + plot + Content.styled(f"  {item.shown}", style))
        between = Content(" " * margin) + _empty(drawn.band, axis, columns)
        lines += [between] * (each - 1)
    return [*lines, *(Content(" " * margin) + line for line in draw_ticks(axis, columns))]


def _around_chosen(items: Sequence[Contestant], most: int) -> Sequence[Contestant]:
    chosen = next((place for place, item in enumerate(items) if item.is_chosen), 0)
    first = max(0, min(chosen - most // 2, len(items) - most))
    return items[first : first + max(most, 1)]


def _axis(drawn: Intervals, columns: int) -> Axis:
    """The axis that holds every figure with its interval."""
    ends = [
        end
        for item in drawn.contestants
        if item.figure
        for end in (item.figure.value, *(item.figure.interval or ()))
    ]
    return fit_ticks(ends, drawn.limits, columns)


def _empty(band: tuple[float, float] | None, axis: Axis, columns: int) -> Content:
    """A line of the band alone."""
    if band is None:
        return Content(" " * columns)
    first, last = (column_of(axis, end, columns) for end in band)
    filled = Content.styled(BAND * (last - first + 1), QUIET)
    return Content(" " * first) + filled + Content(" " * (columns - last - 1))


def _line(item: Contestant, band: tuple[float, float] | None, axis: Axis, columns: int) -> Content:
    """A whisker with its dot, over the band."""
    under = _empty(band, axis, columns)
    if item.figure is None:
        return under
    dot = column_of(axis, item.figure.value, columns)
    first, last = (
        column_of(axis, end, columns) for end in item.figure.interval or (item.figure.value,) * 2
    )
    cells = ["─"] * (last - first + 1)
    cells[0], cells[-1] = "├", "┤"
    cells[dot - first] = item.sign
    whisker = Content.styled("".join(cells), "$primary bold" if item.is_chosen else "$primary")
    return under[:first] + whisker + under[last + 1 :]
