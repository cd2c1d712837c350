"""Fits the columns of a table into a width: what leaves, what moves, and what is cut."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from textual.content import Content

from tui.services.inert import one_line

if TYPE_CHECKING:
    from tui.widgets.table import Cell, Column, Row

GAP: Final = 2
NARROWEST: Final = 6
INTERVAL: Final = re.compile(r" \([^()]+(?:–| to )[^()]+\)$")  # at the end, as numbers.py writes

Cells = list[list[Content]]


@dataclass(frozen=True, slots=True)
class Laid:
    """A heading and rows of at most the width; each row has so many lines."""

    heading: Content
    rows: list[Content]
    lines_each: int


def lay_out(columns: "Sequence[Column]", rows: "Sequence[Row]", width: int) -> Laid:
    """The heading and the rows as lines of at most `width` cells.

    Where a row is too long, columns leave that may, then intervals go below their figures, then
    flexible columns are cut with an ellipsis, the widest first.
    """
    columns, rows = _without_what_yields(columns, rows, width)
    heading = [Content(column.title) for column in columns]
    lines = [[_content(cell) for cell in row] for row in rows]
    lines_each = 1
    if _total(_widths(heading, lines)) > width and (split := _split_intervals(columns, lines)):
        lines, lines_each = split, 2
    widths = _widths(heading, lines)
    _shrink(widths, columns, width)
    fitted = [_join(line, widths, columns, width) for line in lines]
    return Laid(
        _join(heading, widths, columns, width),
        [
            Content("\n").join(fitted[place : place + lines_each])
            for place in range(0, len(fitted), lines_each)
        ],
        lines_each,
    )


def _join(
    line: Sequence[Content], widths: Sequence[int], columns: "Sequence[Column]", width: int
) -> Content:
    parts = zip(line, widths, columns, strict=True)
    joined = Content(" " * GAP).join(_fit(cell, wide, column) for cell, wide, column in parts)
    return joined.truncate(max(width, 1), ellipsis=True)


def _split_intervals(columns: "Sequence[Column]", lines: Cells) -> Cells:
    """For each line two, of figures and of their intervals; nothing if there are no intervals."""
    split: Cells = []
    for line in lines:
        figures, intervals = [], []
        for cell, column in zip(line, columns, strict=True):
            found = INTERVAL.search(cell.plain) if column.right else None
            figures.append(cell[: found.start()] if found else cell)
            intervals.append(cell[found.start() + 1 :] if found else Content(""))
        split += [figures, intervals]
    has_any = any(cell.plain for line in split[1::2] for cell in line)
    return split if has_any else []


def _without_what_yields(
    columns: "Sequence[Column]", rows: "Sequence[Row]", width: int
) -> "tuple[Sequence[Column], Sequence[Row]]":
    """The columns that stay, with their cells."""
    places = list(range(len(columns)))
    yielding = [place for place in places if columns[place].optional]
    yielding += [place for place in places if columns[place].ornament]
    if yielding:
        cells = [[_content(cell) for cell in row] for row in rows]
        widths = _widths([Content(column.title) for column in columns], cells)
        while yielding and _total([widths[place] for place in places]) > width:
            places.remove(yielding.pop())
    return (
        [columns[place] for place in places],
        [tuple(row[place] for place in places) for row in rows],
    )


def _widths(heading: Sequence[Content], lines: Cells) -> list[int]:
    return [
        max([title.cell_length, *(line[number].cell_length for line in lines)])
        for number, title in enumerate(heading)
    ]


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + GAP * (len(widths) - 1)


def _content(cell: "Cell") -> Content:
    text, style = (cell, "") if isinstance(cell, str) else cell
    return Content.styled(one_line(text), style) if text.strip() else Content(text)


def _shrink(widths: list[int], columns: "Sequence[Column]", width: int) -> None:
    flexible = [number for number, column in enumerate(columns) if column.flexible]
    while flexible and _total(widths) > width:
        widest = max(flexible, key=lambda number: widths[number])
        if widths[widest] <= NARROWEST:
            return
        widths[widest] -= 1


def _fit(cell: Content, width: int, column: "Column") -> Content:
    cut = cut_middle(cell, width) if column.named else cell.truncate(width, ellipsis=True)
    missing = width - cut.cell_length
    return cut.pad_left(missing) if column.right else cut.pad_right(missing)


def cut_middle(cell: Content, width: int) -> Content:
    """A name of at most `width` cells, with an ellipsis where its middle was."""
    if cell.cell_length <= width:
        return cell
    end = cell
    while end.cell_length > width // 2:
        end = end[1:]
    return cell.truncate(width - end.cell_length, ellipsis=True) + end
