"""What every reader of files hands on: rows that could be read, and rows that could not.

The readers (`files.py`, `csv_form.py`) make these; `prepare.py` turns them into samples.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

Cell = str | None | list[object] | dict[str, object]


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a file.

    `line` counts from 1: the line where the record starts in a text format, the position of
    the row in JSON, Parquet and `datasets` folders. A column may be absent from `values`.
    """

    line: int
    values: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that could not be read, with the text as it is in the file."""

    line: int
    reason: str
    raw: str


@dataclass(frozen=True, slots=True)
class FileRows:
    """A file that can be read: its columns, what the user should know, and its rows.

    Nothing stays open: each call of `read` opens the file and reads it from its start.
    `read` raises ImportRefused where the file turns out to be damaged on the way. `class_names`
    says what the numbers in a column of class labels stand for.
    """

    name: str
    columns: tuple[str, ...]
    remarks: tuple[str, ...]
    read: Callable[[], Iterator[Record | Rejected]]
    class_names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def as_cell(value: object) -> Cell:
    """A value of a typed format as text; lists and objects stay what they are.

    Truth values become "true" and "false", as JSON writes them. Not-a-number counts as
    missing, since that is how data frames store a gap. Bytes that are not UTF-8 keep a trace
    (lone surrogates), for which an importer refuses them.
    """
    if value is None or value != value:
        return None
    if isinstance(value, (str, list, dict)):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, bytes):
        return value.decode("utf-8", "surrogateescape")
    return str(value)
