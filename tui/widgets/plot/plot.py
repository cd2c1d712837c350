"""A picture drawn into the cells of a widget: axes whose labels never overlap, lines, a key."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tui.services.inert import one_line
from tui.widgets.braille import ACROSS, DOWN
from tui.widgets.fitting import cut_middle
from tui.widgets.plot.axis import Axis, round_axis
from tui.widgets.plot.canvas import Canvas
from tui.widgets.plot.picture import Entry, Line, Picture
from tui.widgets.plot.ticks import column_of, draw_ticks, fit_names, fit_ticks

ROWS_EACH, MOST_TICKS = 2, 7  # on the axis that goes up
SIGNS_EACH: Final = 4  # on a line
SAMPLE: Final = 3  # cells of a line in the key
LOWEST: Final = 3  # rows of the area; below that nothing is drawn
QUIET: Final = "$quiet"


class Plot(Widget):
    """The parent sets `picture`; without one nothing is drawn."""

    DEFAULT_CLASSES = "figure"

    picture: reactive[Picture | None] = reactive(None)

    def render(self) -> Content:
        """Draw the picture into the room there is."""
        if self.picture is None:
            return Content("")
        return Content("\n").join(draw(self.picture, self.size.width, self.size.height))


def draw(picture: Picture, width: int, height: int) -> list[Content]:
    """The lines of a picture: name of the axis that goes up, area, axis below, key."""
    key = [_entry(entry, width) for entry in picture.key]
    rows = height - len(key) - 4
    if rows < LOWEST:
        key, rows = [], height - 4
    if rows < LOWEST:
        return [Content("Too little room for the chart.").truncate(max(width, 1), ellipsis=True)]
    most = max(min(rows // ROWS_EACH, MOST_TICKS), 2)
    y = round_axis(picture.y_range, most,
                   least=picture.y_limits[0], limit=picture.y_limits[1])  # fmt: skip
    margin = max(len(y.label(tick)) for tick in y.ticks) + 1
    columns = max(width - margin - 1, 1)
    x = fit_ticks(picture.x_range, picture.x_limits, columns, picture.x_step)
    area = _Area(x, y, columns, rows)
    area.draw(picture)
    return [
        Content.styled(picture.up[:width], QUIET),
        *_beside(area, margin),
        *_below(area, picture, margin),
        *key,
    ]


class _Area:
    """Where values are on a canvas between two axes."""

    def __init__(self, x: Axis, y: Axis, columns: int, rows: int) -> None:
        self.x, self.y = x, y
        self.canvas = Canvas(columns, rows)

    def spot(self, x: float, y: float) -> tuple[float, float]:
        """A point in dots."""
        across, down = self.canvas.columns * ACROSS - 1, self.canvas.rows * DOWN - 1
        return self.x.share(x) * across, (1 - self.y.share(y)) * down

    def cell(self, x: float, y: float) -> tuple[int, int]:
        """The column and row of a point."""
        return column_of(self.x, x, self.canvas.columns), round(self.spot(x, y)[1]) // DOWN

    def draw(self, picture: Picture) -> None:
        """Draw rules below lines below signs."""
        for rule in picture.rules:
            column, _ = self.cell(rule.x, self.y.low)
            for row in range(self.canvas.rows):
                self.canvas.write(column, row, rule.sign, rule.style)
        for line in reversed(picture.lines):
            self.canvas.line([self.spot(*point) for point in line.points], line.style, line.dash)
        for number, line in enumerate(picture.lines):
            self._sign(line, number, len(picture.lines))
        for item in picture.spots:
            column, row = self.cell(item.x, item.y)
            if item.reach:
                ends = sorted(self.cell(item.x, end)[1] for end in item.reach)
                for between in range(ends[0], ends[1] + 1):
                    self.canvas.write(column, between, "│", item.style)
            self.canvas.write(column, row, item.sign, f"bold {item.style}")

    def _sign(self, line: Line, number: int, lines: int) -> None:
        """Put signs on a line, where those of the others are not."""
        cells = list(dict.fromkeys(self.cell(*point) for point in _dense(line.points, self)))
        for place in range(SIGNS_EACH if line.sign else 0):
            share = (place + (number + 1) / (lines + 1)) / SIGNS_EACH
            around = round(share * (len(cells) - 1))
            for column, row in cells[around : around + 3]:
                if self.canvas.is_free(column, row):
                    self.canvas.write(column, row, line.sign, f"bold {line.style}")
                    break


def _dense(points: Sequence[tuple[float, float]], area: _Area) -> Iterator[tuple[float, float]]:
    """Points along a line, at least one for each cell."""
    for (x, y), (to_x, to_y) in pairwise(points):
        (left, top), (right, bottom) = area.cell(x, y), area.cell(to_x, to_y)
        steps = max(abs(right - left), abs(bottom - top), 1)
        for step in range(steps):
            yield x + (to_x - x) * step / steps, y + (to_y - y) * step / steps
    yield from points[-1:]


def _beside(area: _Area, margin: int) -> Iterator[Content]:
    """The area's lines with the axis that goes up and its labels."""
    labels = {area.cell(area.x.low, tick)[1]: area.y.label(tick) for tick in area.y.ticks}
    for row, line in enumerate(area.canvas.lines()):
        label = labels.get(row, "")
        yield Content.styled(f"{label:>{margin - 1}} {'┤' if label else '│'}", QUIET) + line


def _below(area: _Area, picture: Picture, margin: int) -> list[Content]:
    """The axis below with its labels, and the name below that."""
    width = area.canvas.columns
    axis, labels = draw_ticks(area.x, width, fit_names(area.x, picture.x_names, width))
    space = Content(" " * margin)
    lines = [space + _quiet("└") + axis, space + " " + labels]
    name = picture.across[:width]
    return [*lines, Content(" " * (margin + 1 + (width - len(name)) // 2)) + _quiet(name)]


def _quiet(text: str) -> Content:
    return Content.styled(text, QUIET)


def _entry(entry: Entry, width: int) -> Content:
    """A line of the key, its text cut in its middle if it is too long."""
    canvas = Canvas(SAMPLE, 1)
    if entry.dash:
        canvas.line([(0, 2), (SAMPLE * ACROSS - 1, 2)], entry.style, entry.dash)
    canvas.write(SAMPLE // 2, 0, entry.sign, f"bold {entry.style}")
    text = cut_middle(Content(one_line(entry.text)), max(width - SAMPLE - 1, 1))
    return canvas.lines()[0] + " " + text
