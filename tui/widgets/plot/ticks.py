"""The axis that lies below: its ticks, as many as have room, with labels that never touch."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from textual.content import Content

from tui.widgets.braille import ACROSS
from tui.widgets.plot.axis import Axis, round_axis
from tui.widgets.plot.canvas import Canvas

GAP: Final = 3  # cells between labels
QUIET: Final = "$quiet"

Names = Sequence[tuple[float, str]]  # values of the axis in their order, and their names
Limits = tuple[float | None, float | None]


def fit_ticks(
    values: Sequence[float], limits: Limits, columns: int, least_step: float = 0.0
) -> Axis:
    """An axis with as many ticks as have room beside each other, so far apart at least."""
    least, limit = limits
    for most in range(max(columns // 6, 3), 2, -1):
        axis = round_axis(values, most, least=least, limit=limit)
        wide = max(len(axis.label(tick)) for tick in axis.ticks) + GAP
        if len(axis.ticks) * wide <= columns and axis.step >= least_step:
            return axis
    return round_axis(values, 2, least=least, limit=limit)


def column_of(axis: Axis, value: float, columns: int) -> int:
    """The column in which a value of the axis is."""
    return round(axis.share(value) * (columns * ACROSS - 1)) // ACROSS


def fit_names(axis: Axis, names: Names, columns: int) -> Names:
    """Every so many of the names, as many as have room beside each other."""
    wide = max((len(text) for _, text in names), default=0) + GAP
    for step in range(1, len(names)):
        kept = names[::step]
        places = [column_of(axis, value, columns) for value, _ in kept]
        if all(after - before >= wide for before, after in pairwise(places)):
            return kept
    return names[:1]


def draw_ticks(axis: Axis, columns: int, names: Names = ()) -> tuple[Content, Content]:
    """The line with its ticks and their labels; with `names`, ticks are where those are."""
    line, labels = Canvas(columns, 1), Canvas(columns, 1)
    line.write(0, 0, "─" * columns, QUIET)
    for tick, text in names or [(tick, axis.label(tick)) for tick in axis.ticks]:
        column = column_of(axis, tick, columns)
        line.write(column, 0, "┬", QUIET)
        labels.write(centred(column, text, columns), 0, text, QUIET)
    return line.lines()[0], labels.lines()[0]


def centred(column: int, text: str, columns: int) -> int:
    """Where a text begins that is about a column, as far as it stays within."""
    return max(0, min(column - (len(text) - 1) // 2, columns - len(text)))
