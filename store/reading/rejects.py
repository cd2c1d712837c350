"""The file of rows that an import refused: how it is written, and how it is read again.

Each row has the file and line it came from, the reason, and the row itself: JSON of its columns,
or the text as it was if it could not be read.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import polars as pl

from store.reading.rows import Cell, FileRows, Record, Rejected, as_cell

REJECTS: Final[Mapping[str, pl.DataType]] = {
    "file": pl.String(),
    "line": pl.Int64(),
    "reason": pl.String(),
    "raw": pl.String(),
}


def write_rejects(path: Path, rejects: pl.DataFrame) -> None:
    """Write rejected rows as CSV where the path ends in .csv, else as JSON lines.

    The CSV opens in a spreadsheet: UTF-8 with a byte order mark, and a ' before cells that
    would else be formulas. The JSON lines hold the raw rows unchanged.
    """
    if path.suffix.lower() != ".csv":
        rejects.write_ndjson(path)
        return
    path.unlink(missing_ok=True)
    append_rejects(path, rejects)


def append_rejects(path: Path, rejects: pl.DataFrame) -> None:
    """Add rejected rows to a CSV file, which begins with the first of them."""
    is_new = not path.exists()
    inert = pl.col(pl.String).str.replace(r"^[=+\-@\t\r]", "'${0}")
    with path.open("ab") as file:
        rejects.with_columns(inert).write_csv(
            file, include_bom=is_new, include_header=is_new, quote_style="non_numeric"
        )


def restore(rows: FileRows) -> FileRows:
    """The rows that a file of rejects was written from; other files come back as they are.

    Rows that could not be read then are rejected again, for the same reason.
    """
    if rows.columns != tuple(REJECTS):
        return rows

    def read() -> Iterator[Record | Rejected]:
        return map(_restored, rows.read())

    columns = dict.fromkeys(key for row in read() if isinstance(row, Record) for key in row.values)
    if not columns:
        return replace(rows, columns=tuple(REJECTS), read=read)
    remark = f"{rows.name}: read as rows that an import refused."
    return replace(rows, columns=tuple(columns), remarks=(*rows.remarks, remark), read=read)


def _restored(row: Record | Rejected) -> Record | Rejected:
    if isinstance(row, Rejected):
        return row
    raw, reason = row.values["raw"], row.values["reason"]
    values = _parsed(raw)
    if values is None:
        return Rejected(row.line, str(reason or "it could not be read"), str(raw or ""))
    return Record(row.line, values)


def _parsed(raw: Cell) -> dict[str, Cell] | None:
    try:
        found = json.loads(raw) if isinstance(raw, str) else None
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    return {str(key): as_cell(value) for key, value in found.items()}
