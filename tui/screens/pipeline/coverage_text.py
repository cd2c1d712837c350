"""How far scenarios cover a problem, drawn: counts in a grid of cells, and in a table of values.

An empty cell is marked, so that it is seen without colour; the more scenarios, the stronger the
ground of a cell.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from textual.content import Content

from tui.services.inert import one_line
from tui.services.tables import column_letter
from tui.widgets.flow import flow

if TYPE_CHECKING:
    from tui.services.results.coverage import CoverageGrids, PairCoverage, ValueCoverage

EMPTY: Final = "--"
EMPTY_STYLE: Final = "bold $warning"
GROUNDS: Final = ("", "on $accent 15%", "on $accent 30%", "on $accent 50%")  # by share of the most
CELL: Final = 6
SIDE: Final = 26  # cells for the names at the left, at most
NUMBER: Final = 10
MARK: Final = "  "


def draw_grid(pair: "PairCoverage", width: int) -> Content:
    """The counts, the dimension with fewer values across, under letters explained below."""
    shown = pair.upright
    names = [one_line(value, SIDE) for value in shown.first_values]
    side = one_line(shown.first, SIDE)
    room = max(len(name) for name in [*names, side])
    fitting = max((width - room) // CELL, 1)
    most = max((count for row in shown.scenarios for count in row), default=0)
    letters = [column_letter(place) for place in range(len(shown.second_values))][:fitting]
    heading = f"{side:<{room}}" + "".join(f"{name:>{CELL}}" for name in letters)
    lines = [Content.styled(heading, "bold $accent")]
    for name, counts in zip(names, shown.scenarios, strict=True):
        drawn = [_cell(count, most) for count in counts[:fitting]]
        lines.append(Content(f"{name:<{room}}") + Content("").join(drawn))
    explained = [
        Content.assemble((letter, "bold"), f" {one_line(value)}")
        for letter, value in zip(letters, shown.second_values, strict=False)
    ]
    if hidden := len(shown.second_values) - len(letters):
        explained.append(Content(f"and {hidden:,} more, in a wider window"))
    marks = Content.assemble((EMPTY, EMPTY_STYLE), " no scenario")
    heading_below = Content.styled(f"{one_line(shown.second)}:", "bold $accent")
    return Content("\n").join(
        [*lines, Content(""), *flow([heading_below, *explained, marks], max(width, 1))]
    )


def draw_values(found: "CoverageGrids") -> Content:
    """A line for each value below its dimension: its scenarios, and its texts by label."""
    labels = list(dict.fromkeys(label for item in found.values for label in item.texts))
    names = [one_line(item.value, SIDE) for item in found.values]
    room = max(len(MARK) + len(name) for name in names)
    wide = [max(len(one_line(label)) + 2, NUMBER) for label in labels]
    heading = " " * room + f"{'scenarios':>{NUMBER}}"
    heading += "".join(f"{one_line(name):>{size}}" for name, size in zip(labels, wide, strict=True))
    lines = [Content.styled(heading, "bold $accent")]
    for dimension in dict.fromkeys(item.dimension for item in found.values):
        lines.append(Content.styled(one_line(dimension), "bold"))
        own = (item for item in found.values if item.dimension == dimension)
        lines += _value_lines(own, labels, wide, room)
    return Content("\n").join(lines)


def _value_lines(
    values: "Iterator[ValueCoverage]", labels: Sequence[str], wide: Sequence[int], room: int
) -> Iterator[Content]:
    for item in values:
        name = f"{MARK}{one_line(item.value, SIDE)}"
        texts = "".join(
            f"{f'{item.texts[label]:,}' if label in item.texts else '':>{size}}"
            for label, size in zip(labels, wide, strict=True)
        )
        count = f"{item.scenarios:,}" if item.scenarios else EMPTY
        style = "" if item.scenarios else EMPTY_STYLE
        yield Content.assemble(f"{name:<{room}}", (f"{count:>{NUMBER}}", style), texts)


def _cell(count: int, most: int) -> Content:
    if not count:
        return Content.styled(f"{EMPTY:>{CELL}}", EMPTY_STYLE)
    ground = GROUNDS[min(len(GROUNDS) * count // (most + 1), len(GROUNDS) - 1)]
    return Content.styled(f"{count:>{CELL},}", ground)
