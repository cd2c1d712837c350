"""Figures with their intervals in tables: beside each other where there is room, else below."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from rich.cells import cell_len, set_cell_size

from engine.statistics.estimate import Estimate
from tui.services.numbers import show_interval, show_percent, show_plain_percent

GAP: Final = "  "
INDENT: Final = "  "
BETWEEN: Final = " · "


@dataclass(frozen=True, slots=True)
class Figure:
    """A cell that can be shown in one line, or in `lines` where a table is wider than that."""

    line: str
    lines: tuple[str, ...]

    def __str__(self) -> str:
        """The one line."""
        return self.line


def percent(share: Estimate | None) -> Figure:
    """A share in per cent, and its interval: 85.1 (81.3–88.2)."""
    if share is None or share.interval is None:
        shown = show_percent(share)
        return Figure(shown, (shown,))
    low, high = (100 * end for end in share.interval)
    return Figure(
        show_percent(share), (show_plain_percent(share.value), show_interval(low, high, 1))
    )


def needs_stack(columns: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> bool:
    """Whether a table of one line per row, as shown, is wider than so many cells."""
    wide = [max(map(cell_len, cells)) for cells in zip(columns, *rows, strict=True)]
    return sum(wide) + len(GAP) * (len(wide) - 1) > width


def stack_table(
    columns: Sequence[str], rows: Sequence[Sequence[Sequence[str]]], width: int
) -> list[str]:
    """The table with several lines per cell, names before figures, nothing cut.

    A row begins beside its name; where even that is too wide, all its cells of one line, which
    are names, have a line of their own above the figures.
    """
    named = [place == 0 or _is_name(rows, place) for place in range(len(columns))]
    wide = [
        max(cell_len(line) for cell in cells for line in cell)
        for cells in zip([(name,) for name in columns], *rows, strict=True)
    ]
    if sum(wide) + len(GAP) * (len(wide) - 1) <= width:
        table = [[(name,) for name in columns], *rows]
        return [line for row in table for line in _lay(row, wide)]
    lines = []
    own = [size for size, is_name in zip(wide, named, strict=True) if not is_name]
    for row in [[(name,) for name in columns], *rows]:
        names = [cell[0] for cell, is_name in zip(row, named, strict=True) if is_name and cell[0]]
        figures = [cell for cell, is_name in zip(row, named, strict=True) if not is_name]
        lines += [
            BETWEEN.join(dict.fromkeys(names)),
            *(f"{INDENT}{line}" for line in _lay(figures, own)),
        ]
    return lines


def _is_name(rows: Sequence[Sequence[Sequence[str]]], place: int) -> bool:
    """Whether a column holds words, each on one line."""
    cells = [row[place] for row in rows]
    return all(len(cell) == 1 for cell in cells) and any(cell[0][:1].isalpha() for cell in cells)


def _lay(row: Sequence[Sequence[str]], wide: Sequence[int]) -> list[str]:
    """A row's cells beside each other, each in its own width."""
    return [
        GAP.join(map(set_cell_size, cells, wide)).rstrip()
        for cells in zip_longest(*row, fillvalue="")
    ]
