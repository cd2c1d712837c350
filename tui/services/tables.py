"""Tables as text for people and for other programs: cells, Markdown, CSV."""

import csv
import io
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from string import ascii_lowercase
from typing import Final

from tui.services.inert import inert, one_line

Value = str | int | float | None

_NUMBER: Final = r"([+-]?\d[\d,]*(?:\.\d+)?)"
INTERVAL: Final = re.compile(rf"{_NUMBER} \({_NUMBER}(?:–| to ){_NUMBER}\)")  # as numbers.py writes


@dataclass(frozen=True, slots=True)
class WrittenTable:
    """A table to be written into files; `name` can be part of a file's name."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


def column_letter(place: int) -> str:
    """What stands for a column whose name has no room: from a to z, then aa, ab and so on."""
    tens, ones = divmod(place, len(ascii_lowercase))
    return (ascii_lowercase[tens - 1] if tens else "") + ascii_lowercase[ones]


def show_cell(value: object) -> str:
    """A cell as text: – for None, four decimals for shares, one inert line for texts."""
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:.4f}"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return one_line(str(value))


def markdown_lines(
    columns: Sequence[str], rows: Sequence[Sequence[object]], title: str | None = None
) -> Iterator[str]:
    """A table as Markdown; a bar or a tag in a cell stays text."""
    if title:
        yield from (title, "")
    yield _markdown_line(columns)
    yield "|" + " --- |" * len(columns)
    for row in rows:
        yield _markdown_line([show_cell(cell) for cell in row])


def _markdown_line(cells: Sequence[str]) -> str:
    escaped = (re.sub(r"([\\|<*_`\[])", r"\\\1", cell) for cell in cells)
    return f"| {' | '.join(escaped)} |"


def csv_text(columns: Sequence[str], rows: Sequence[Sequence[Value]]) -> str:
    """A table as CSV: numbers in full, nothing for None, texts inert with their lines.

    A column of figures with intervals becomes three, the ends beside the figure.
    """
    return csv_lines(zip(*itertools.chain.from_iterable(_split_all(columns, rows)), strict=True))


def csv_lines(rows: Iterable[Sequence[Value]]) -> str:
    """Rows as lines of CSV, whose texts are inert."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    for row in rows:
        writer.writerow([inert(cell) if isinstance(cell, str) else cell for cell in row])
    return file.getvalue()


def _split_all(
    columns: Sequence[str], rows: Sequence[Sequence[Value]]
) -> Iterator[list[tuple[Value, ...]]]:
    """For each column, itself with its title on top, or three in its place."""
    for place, title in enumerate(columns):
        cells = [row[place] for row in rows]
        figures = [_split(cell) for cell in cells]
        if any(len(figure or ()) == 3 for figure in figures) and None not in figures:
            ends = [(*(figure or ()), None, None)[:3] for figure in figures]
            yield [*zip((title, f"{title} low", f"{title} high"), *ends, strict=True)]
        else:
            yield [(title, *cells)]


def _split(cell: Value) -> tuple[Value, ...] | None:
    """The numbers of a figure, with an interval or without; None if it is another text."""
    if not isinstance(cell, str):
        return (cell,)
    found = INTERVAL.fullmatch(cell)
    return tuple(float(part.replace(",", "")) for part in found.groups()) if found else None
