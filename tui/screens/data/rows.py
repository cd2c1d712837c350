"""Values of the store as rows of a grid."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from tui.screens.data.views import GridCell, GridRow, RowKey, Spans
from tui.services.inert import one_line
from tui.services.numbers import show_number
from tui.services.results.browsing import Shown

MADE = ("question", "answer")  # columns of what a model writes

FindSpans = Callable[[Sequence[str]], Sequence[Sequence[tuple[int, int]]]]


def make_rows(
    names: Sequence[str],
    keys: Sequence[RowKey],
    rows: Sequence[Sequence[Shown] | None],
    searched: Sequence[str],
    find: FindSpans,
) -> tuple[GridRow | None, ...]:
    """Rows with a cell for each name, the last of which is "id"; None for rows that are gone.

    In the columns that are `searched`, `find` marks what was searched for.
    """
    places = [number for number, name in enumerate(names) if name in searched]
    shown = [[describe(value) for value in row or ()] for row in rows]
    hits = iter(find([cells[place] for cells in shown if cells for place in places]))
    found: list[GridRow | None] = []
    for key, row, cells in zip(keys, rows, shown, strict=True):
        marks: dict[int, Spans] = {place: tuple(next(hits)) for place in places if cells}
        made = {
            name: GridCell(cells[number], row[number], marks.get(number, ()))
            for number, name in enumerate(names)
            if row
        }
        found.append(GridRow(key, str(row[-1]), _with_error(made)) if row else None)
    return tuple(found)


def _with_error(cells: dict[str, GridCell]) -> dict[str, GridCell]:
    """Cells with the error of a row in place of what could not be written."""
    error = cells.get("error")
    if error is None or error.value is None:
        return cells
    lacking = next((name for name in MADE if name in cells and cells[name].value is None), "error")
    shown = replace(error, is_error=True)
    return {**cells, "error": shown, lacking: shown}


def describe(value: Shown) -> str:
    """A value as a cell shows it: inert, on one line."""
    if value is None:
        return ""
    if isinstance(value, float):
        return show_number(value)
    return f"{value:,}" if isinstance(value, int) else one_line(value)
