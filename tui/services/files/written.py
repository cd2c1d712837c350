"""Writes what a screen shows into `exports/`: tables as CSV and Markdown, figures as SVG."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tui.services.tables import Value, WrittenTable, csv_lines, csv_text, markdown_lines


@dataclass(frozen=True, slots=True)
class WrittenFigure:
    """A figure to be written into a file; `name` can be part of a file's name."""

    name: str
    svg: str


def write_view(
    folder: Path, tables: Sequence[WrittenTable], figures: Sequence[WrittenFigure], now: datetime
) -> tuple[Path, ...]:
    """The files written, which are all new: their names end in the time and, if need be, a number.

    Raises OSError if one could not be written.
    """
    folder.mkdir(exist_ok=True)
    contents = [*_of_tables(tables), *((f"{item.name}.svg", item.svg) for item in figures)]
    written = []
    for name, text in contents:
        path = _free(folder, Path(name), f"{now:%Y%m%d-%H%M%S}")
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
        written.append(path)
    return tuple(written)


def write_rows(
    folder: Path,
    name: str,
    columns: Sequence[str],
    pages: Iterable[Sequence[Sequence[Value]]],
    now: datetime,
) -> Path:
    """A new CSV file of rows that come page by page, of which one at a time is in memory.

    Raises OSError if it could not be written; what was is then removed.
    """
    folder.mkdir(exist_ok=True)
    path = _free(folder, Path(f"{name}.csv"), f"{now:%Y%m%d-%H%M%S}")
    with ExitStack() as unless_whole:
        unless_whole.callback(path.unlink, missing_ok=True)
        with path.open("x", encoding="utf-8", newline="") as file:
            file.write(csv_lines([columns]))
            for rows in pages:
                file.write(csv_lines(rows))
        unless_whole.pop_all()
    return path


def _of_tables(tables: Sequence[WrittenTable]) -> Iterator[tuple[str, str]]:
    for table in tables:
        yield f"{table.name}.csv", csv_text(table.columns, table.rows)
        lines = markdown_lines(table.columns, table.rows, table.title)
        yield f"{table.name}.md", "".join(f"{line}\n" for line in lines)


def _free(folder: Path, name: Path, stamp: str) -> Path:
    """A path that does not exist yet."""
    path, number = folder / f"{name.stem}-{stamp}{name.suffix}", 1
    while path.exists():
        number += 1
        path = folder / f"{name.stem}-{stamp}-{number}{name.suffix}"
    return path
