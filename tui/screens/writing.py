"""What `w` writes of a screen: the tables and the figures that it shows.

A table is written as its widget has it, whole names and all, but for what only adorns a screen.
A widget with the class `figure` is written as it is drawn.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from textual.widget import Widget

from tui.frame.svg import svg_of
from tui.services.files.written import WrittenFigure
from tui.services.tables import Value, WrittenTable
from tui.widgets.table import Cell, Column, Table

NUMBER = re.compile(r"-?\d+(\.\d+)?")
NOTHING = ("", "–")


def tables_of(screen: Widget, name: str) -> tuple[WrittenTable, ...]:
    """The tables that are shown and have rows; each name begins with the view's."""
    shown = [table for table in screen.query(Table) if _is_seen(table) and table.rows]
    names = _names(name, [table.id for table in shown])
    return tuple(written_table(table, own) for table, own in zip(shown, names, strict=True))


def figures_of(screen: Widget, name: str) -> tuple[WrittenFigure, ...]:
    """The figures that are shown; each name begins with the view's."""
    shown = [figure for figure in screen.query(".figure") if _is_seen(figure)]
    names = _names(name, [figure.id for figure in shown])
    return tuple(
        WrittenFigure(own, svg_of(figure)) for figure, own in zip(shown, names, strict=True)
    )


def _is_seen(widget: Widget) -> bool:
    return widget.is_on_screen and widget.size.area > 0


def _names(view: str, ids: list[str | None]) -> Iterator[str]:
    """A name for each; the view's alone if there is only one."""
    for number, widget_id in enumerate(ids, start=1):
        yield view if len(ids) == 1 else f"{view}-{widget_id or number}"


def describe_files(paths: Sequence[Path]) -> str:
    """Which files were written, those of one name together: `exports/jobs.csv, .md`."""
    kinds: dict[str, list[str]] = {}
    for path in paths:
        kinds.setdefault(path.stem, []).append(path.suffix)
    named = (f"{stem}{', '.join(suffixes)}" for stem, suffixes in kinds.items())
    return " and ".join(f"{paths[0].parent.name}/{name}" for name in named)


def written_table(table: Table, name: str) -> WrittenTable:
    """A table's rows in full, without the columns that only adorn it."""
    kept = [(place, column) for place, column in enumerate(table.columns) if not column.is_ornament]
    return WrittenTable(
        name,
        table.title,
        tuple(column.title for _, column in kept),
        tuple(tuple(_value(row[place], column) for place, column in kept) for row in table.rows),
    )


def _value(cell: Cell, column: Column) -> Value:
    """A number where the cell of a column of numbers is nothing else."""
    text = (cell if isinstance(cell, str) else cell[0]).strip()
    if text in NOTHING:
        return None
    plain = text.replace(",", "")
    if column.right and NUMBER.fullmatch(plain):
        return float(plain) if "." in plain else int(plain)
    return text
