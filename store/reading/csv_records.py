"""Splits the lines of a CSV or TSV file into records, and rejects the broken ones one by one.

The csv module does the splitting. What it leaves to others is done here: the line where a
record starts, and a quote that is never closed, which must not swallow the rest of the file.
How a file is written is decided in `csv_form.py`.
"""

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from store.counting import counted

_LONGEST_FIELD: Final = 1 << 20  # characters; also bounds how far an open quote is followed


@dataclass(frozen=True, slots=True)
class Form:
    """How records are written: `quoted` means as RFC 4180 has it, with doubled quotes."""

    delimiter: str
    quoted: bool = True

    def reader(self, lines: Iterable[str]) -> Iterator[list[str]]:
        """A csv reader that raises csv.Error where it would else guess."""
        if self.quoted:
            return csv.reader(lines, delimiter=self.delimiter, strict=True)
        return csv.reader(lines, delimiter=self.delimiter, quoting=csv.QUOTE_NONE, strict=True)


@dataclass(frozen=True, slots=True)
class Split:
    """One record: its cells, or the fault for which it is rejected and its raw text."""

    line: int
    cells: list[str]
    fault: str = ""
    raw: str = ""


def split_records(lines: Iterable[str], form: Form, *, first_line: int = 1) -> Iterator[Split]:
    """Split lines, which keep their line ends, into records; blank lines are skipped.

    The first record sets the width for all; what ends in delimiters with nothing between them may
    have some more or fewer of those. A record that cannot be read is rejected and reading goes on
    behind it: behind its first line, where an open quote is the likely cause.
    """
    feed = _Feed(lines, first_line)
    reader = form.reader(feed)
    width = least = 0
    while True:
        cells: list[str] = []
        fault = ""
        try:
            cells = _next_cells(reader)
        except StopIteration:
            return
        except csv.Error as error:
            fault = _explain(error, feed)
            feed.keep_first()
        if cells:
            least = least or _width_without_ends(cells)
            width = width or len(cells)
            cells = _fit(cells, width, least)
            fault = _find_fault(cells, width, form, feed)
        line, raw = feed.take(joined=bool(fault))
        if fault:
            yield Split(line, [], fault, raw)
        elif cells:
            yield Split(line, cells)


class _Feed:
    """Lines for a csv reader that remembers those of the record at hand and can repeat them."""

    def __init__(self, lines: Iterable[str], first_line: int) -> None:
        self._source = iter(lines)
        self._again: deque[str] = deque()
        self._next_line = first_line
        self.taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._source)
        self.taken.append(line)
        return line

    def keep_first(self) -> None:
        """Give back all lines of the record at hand but its first."""
        self._again.extendleft(reversed(self.taken[1:]))
        del self.taken[1:]

    def take(self, *, joined: bool) -> tuple[int, str]:
        """End the record at hand; return the number of its first line, and its text if asked."""
        line, raw = self._next_line, "".join(self.taken).rstrip("\r\n") if joined else ""
        self._next_line += len(self.taken)
        self.taken.clear()
        return line, raw


def _next_cells(reader: Iterator[list[str]]) -> list[str]:
    """Read one record with our limit; the csv module's is one for the whole process."""
    limit = csv.field_size_limit(_LONGEST_FIELD)
    try:
        return next(reader)
    finally:
        csv.field_size_limit(limit)


def _width_without_ends(cells: list[str]) -> int:
    """Count cells up to the last that holds something, but one at least."""
    filled = [place for place, cell in enumerate(cells, start=1) if cell.strip()]
    return filled[-1] if filled else len(cells)


def _fit(cells: list[str], width: int, least: int) -> list[str]:
    """Add or leave out empty cells at the end where delimiters end some rows and not others."""
    if len(cells) > width and not any(cells[width:]):
        return cells[:width]
    if least <= len(cells) < width:
        return cells + [""] * (width - len(cells))
    return cells


def _find_fault(cells: list[str], width: int, form: Form, feed: _Feed) -> str:
    """Say what is wrong with a record that the csv module took, or return "".

    Where a record of the wrong width runs over lines that are whole records by themselves, a
    quote was left open on its first line: the others are given back. The last line says
    nothing, as it ends with the closing quote either way.
    """
    if any("\0" in line for line in feed.taken):
        return "the row contains a NUL character"
    if len(cells) == width:
        return ""
    if any(_is_whole(line, width, form) for line in feed.taken[1:-1]):
        feed.keep_first()
        return "a quote is opened and never closed"
    return f"the row has {counted(len(cells), 'column')}, the first row has {width}"


def _is_whole(line: str, width: int, form: Form) -> bool:
    try:
        return [len(cells) for cells in form.reader([line])] == [width]
    except csv.Error:
        return False


def _explain(error: csv.Error, feed: _Feed) -> str:
    if "unexpected end" in str(error) or len(feed.taken) > 1:
        return "a quote is opened and never closed"
    if "field limit" in str(error):
        return f"a field is longer than {_LONGEST_FIELD:,} characters"
    if "expected after" in str(error):
        return "text follows a closing quote; a quote inside a quoted field is written twice"
    return f"the row is damaged ({error})"
