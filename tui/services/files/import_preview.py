"""What a file looks like before it is imported: its columns, first rows, and values of labels."""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path
from typing import Final

from engine.jobs.settings import NAME_PATTERN
from store.errors import ImportRefused
from store.reading.cells import RowRefused, raw_label
from store.reading.chats import as_chat, is_chat
from store.reading.files import TABLES, TEXT, read_file
from store.reading.inputs import suffix_of
from store.reading.logs.layouts import LAYOUTS, PLAIN_TOO, recognise
from store.reading.logs.records import Row
from store.reading.logs.sources import head_rows, open_untyped
from store.reading.options import LABEL_NAMES
from store.reading.rows import Cell, FileRows, Record, Rejected, as_cell

ROWS_SHOWN: Final = 5
_FIRST: Final = "1"  # as the first column is called where all are numbered
_PACKED: Final = (".gz", ".bz2", ".xz", ".zst", ".zip")
_LONGEST_NAME: Final = 40  # characters of a column's; beyond, it is taken for data
_ROWS_SAMPLED: Final = 50  # to find the column of texts by
_CELL: Final = 300  # characters
MOST_LABELS: Final = 30  # values of a column that can be one of labels


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """A file's columns and first rows, cut, and what its columns seem to be for.

    Rows that cannot be read come as (reason,). `remarks` say how the file was read.
    """

    path: Path
    dataset: str  # a name made of the file's
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    remarks: tuple[str, ...]
    text_column: str
    label_column: str | None
    chat_columns: tuple[str, ...]  # whose cells are chats
    log: "SeenLog | None" = None  # what else it may be read as
    numbered: "ImportPreview | None" = None  # the same with its columns numbered, of a table

    @property
    def looks_headless(self) -> bool:
        """Whether the first row seems to be data: it has a text where names would be."""
        return any(len(name) > _LONGEST_NAME for name in self.columns)


@dataclass(frozen=True, slots=True)
class SeenLog:
    """The layout of a file that is a log; `is_clear` if it is hardly meant as a table."""

    layout: str
    title: str
    is_clear: bool


@dataclass(frozen=True, slots=True)
class LabelValues:
    """The values of a column with how many rows have each, most frequent first.

    `meanings` has the names of numbers of a class label. `rows` were read; `refused` had a value
    that cannot be one of labels.
    """

    counts: tuple[tuple[str, int], ...]
    meanings: Mapping[str, str]
    rows: int
    refused: int


def preview_file(typed: str, labels: Collection[str] = ()) -> ImportPreview:
    """What is seen of a file; a column of these labels is taken for that of labels.

    Raises ImportRefused with the importer's own sentences.
    """
    path = Path(typed.strip()).expanduser()
    log = open_untyped(path)
    rows = head_rows(log) if log is not None else ()
    seen = _seen_log(rows)
    if seen is not None and seen.is_clear:
        return replace(_preview(path, _first_rows(path, rows), labels), log=seen)
    named = replace(_preview(path, read_file(path), labels), log=seen)
    if suffix_of(path) not in TABLES:
        return named
    # Its columns are numbered if the first is so named.
    numbered = _preview(path, read_file(path, (_FIRST,)), labels)
    return named if numbered.columns == named.columns else replace(named, numbered=numbered)


def _seen_log(rows: Sequence[Row]) -> SeenLog | None:
    layout = recognise(rows)
    if layout is None:
        return None
    return SeenLog(layout, LAYOUTS[layout].title, layout not in PLAIN_TOO)


def _first_rows(path: Path, rows: Sequence[Row]) -> FileRows:
    """A log's first rows as a table: to read all of it for its columns may take long."""
    records = [
        Record(number, {name: as_cell(value) for name, value in row.items()})
        for number, row in enumerate(rows, start=1)
    ]
    columns = dict.fromkeys(name for record in records for name in record.values)
    return FileRows(path.name, tuple(columns), (), lambda: iter(records))


def _preview(path: Path, file: FileRows, labels: Collection[str]) -> ImportPreview:
    """What is seen of a table."""
    sampled = list(islice(file.read(), _ROWS_SAMPLED))
    if not sampled:
        raise ImportRefused(f"{path.name} holds no rows.")
    records = [row for row in sampled if isinstance(row, Record)]
    text = TEXT if TEXT in file.columns else _longest(records, file.columns)
    return ImportPreview(
        path,
        _dataset_name(path),
        file.columns,
        tuple(_cells(row, file.columns) for row in sampled[:ROWS_SHOWN]),
        file.remarks,
        text,
        _label_column(records, [name for name in file.columns if name != text], labels),
        tuple(name for name in file.columns if _holds_chats(records, name)),
    )


def _dataset_name(path: Path) -> str:
    """The file's name, without what says its format, as far as it can be that of a dataset."""
    stem = Path(path.stem).stem if path.suffix.lower() in _PACKED else path.stem
    name = re.sub(r"[^A-Za-z0-9._+-]+", "-", stem).strip("-._+").lower()
    return name if re.match(NAME_PATTERN, name) else ""


def _cells(row: Record | Rejected, columns: Sequence[str]) -> tuple[str, ...]:
    if isinstance(row, Rejected):
        return (f"line {row.line:,}: {row.reason}",)
    return tuple(_shown(row.values.get(name)) for name in columns)


def _shown(value: Cell) -> str:
    return "" if value is None else str(value)[:_CELL]


def _label_column(
    records: Sequence[Record], columns: Sequence[str], labels: Collection[str]
) -> str | None:
    """The first column with the name of labels, else with nothing but labels; None without one."""
    named = (name for name in columns if name.strip().lower() in LABEL_NAMES)
    filled = (name for name in columns if _has_only(records, name, labels))
    return next(chain(named, filled), None)


def _has_only(records: Sequence[Record], column: str, labels: Collection[str]) -> bool:
    values = {_shown(row.values.get(column)).strip() for row in records} - {""}
    return bool(values) and values <= set(labels)


def _holds_chats(records: Sequence[Record], column: str) -> bool:
    return any(is_chat(as_chat(row.values.get(column))) for row in records)


def _longest(records: Sequence[Record], columns: Sequence[str]) -> str:
    """The column whose cells are longest, which will be that of the texts."""
    return max(
        columns,
        key=lambda name: sum(len(_shown(row.values.get(name))) for row in records),
        default="",
    )


def count_labels(path: Path, column: str) -> LabelValues:
    """The values of a column in all rows that can be read.

    Raises ImportRefused where they are too many to be labels.
    """
    file = read_file(path, (column,))
    counts: Counter[str] = Counter()
    rows = refused = 0
    for row in file.read():
        if isinstance(row, Rejected):
            continue
        rows += 1
        try:
            if value := raw_label(row, column):
                counts[value] += 1
        except RowRefused:
            refused += 1
        if len(counts) > MOST_LABELS:
            raise ImportRefused(
                f"Column '{column}' has more than {MOST_LABELS} values in its first {rows:,} rows, "
                "so it is none of labels. Choose another column."
            )
    return LabelValues(tuple(counts.most_common()), file.class_names.get(column, {}), rows, refused)
