"""Pictures of a screen as small SVG files, one line for each row that shows something.

They depend on the cells alone: Textual's own, which are many times as large, also change where a
widget is cut into two that look the same.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from itertools import groupby

from rich.cells import cell_len
from rich.color import Color
from rich.segment import Segment
from rich.style import Style

WIDTH, HEIGHT, BASELINE = 10, 20, 15  # of a cell
TEXT, GROUND = "#e6e9ee", "#11151a"  # colours that no element names


@dataclass(frozen=True, slots=True)
class Cell:
    """A character, the colour behind it, and the SVG attributes of its text."""

    character: str
    ground: str
    attributes: str


def draw(rows: Iterable[Iterable[Segment]], columns: int, lines: int) -> str:
    """SVG of a screen's rows."""
    width, height = columns * WIDTH, lines * HEIGHT
    drawn = (_draw_row([*_cells(row)], number * HEIGHT) for number, row in enumerate(rows))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" fill="{TEXT}"'
        ' font-family="monospace" font-size="16.6" xml:space="preserve">\n'
        f'<rect width="{width}" height="{height}" fill="{GROUND}"/>\n'
        f"{''.join(drawn)}</svg>\n"
    )


def _draw_row(cells: list[Cell], top: int) -> str:
    grounds = "".join(
        f'<rect x="{left}" y="{top}" width="{cell_len(text) * WIDTH}" height="{HEIGHT}"'
        f' fill="{ground}"/>'
        for ground, left, text in _runs((cell.ground, cell.character) for cell in cells)
        if ground != GROUND
    )
    texts = "".join(
        f'<text x="{left}" y="{top + BASELINE}" textLength="{cell_len(text) * WIDTH}"{attributes}>'
        f"{escape(text, quote=False)}</text>"
        for attributes, left, run in _runs((cell.attributes, cell.character) for cell in cells)
        if (text := run if "decoration" in attributes else run.rstrip())
    )
    return f"{grounds}{texts}\n" if grounds or texts else ""


def _runs(cells: Iterable[tuple[str, str]]) -> Iterator[tuple[str, int, str]]:
    """Neighbours of one kind: the kind, how far from the left they begin, and their text."""
    column = 0
    for kind, run in groupby(cells, lambda cell: cell[0]):
        text = "".join(character for _, character in run)
        yield kind, column * WIDTH, text
        column += cell_len(text)


def _cells(row: Iterable[Segment]) -> Iterator[Cell]:
    attributes = ""
    for segment in row:
        style = segment.style or Style.null()
        text, ground = _hex(style.color, TEXT), _hex(style.bgcolor, GROUND)
        if style.reverse:
            text, ground = ground, text
        is_lined = style.underline or style.strike
        for character in segment.text:
            if is_lined or not character.isspace():
                attributes = _attributes(style, text)
            elif "decoration" in attributes:
                attributes = ""
            yield Cell(character, ground, attributes)  # a blank goes with what is before it


def _hex(color: Color | None, default: str) -> str:
    return default if color is None or color.is_default else color.get_truecolor().hex


def _attributes(style: Style, color: str) -> str:
    """SVG attributes that tell a text from the plain one."""
    lines = (("underline", style.underline), ("line-through", style.strike))
    found = {
        "fill": "" if color == TEXT else color,
        "font-weight": "bold" if style.bold else "",
        "font-style": "italic" if style.italic else "",
        "opacity": "0.5" if style.dim else "",
        "text-decoration": " ".join(name for name, is_set in lines if is_set),
    }
    return "".join(f' {name}="{value}"' for name, value in found.items() if value)
