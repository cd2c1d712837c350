"""Reads one file into rows, whatever its format.

What a file is shows in its first bytes; its suffix only decides where these leave a choice. What
is broken is refused here: whole files with ImportRefused, single rows as `Rejected`. pyarrow is
imported with the first file that needs it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from store.errors import ImportRefused
from store.reading.csv_form import header_of, is_delimited, open_delimited
from store.reading.encoding import detect_encoding, peek, read_lines
from store.reading.folders import open_folder
from store.reading.inputs import HEAD_BYTES, Input, read_head, suffix_of
from store.reading.json import begins_as_json, has_object_line, is_lines, open_json, open_json_lines
from store.reading.packing import unpack
from store.reading.rejects import restore
from store.reading.rows import FileRows, Record, Rejected
from store.reading.signatures import refuse_foreign, refuse_markup

TEXT: Final = "text"  # the column of plain text, and of any file unless the user says otherwise

_FORMATS: Final = (
    "CSV, TSV, JSONL, JSON, Parquet, Arrow, plain text (.txt), folders of them that `datasets` "
    "saved, and all of these packed by gzip, bzip2, xz, zstd or zip"
)
_PARQUET: Final = b"PAR1"
_ARROW: Final = b"ARROW1"
_ARROW_STREAM: Final = b"\xff\xff\xff\xff"  # no text begins so
TABLES: Final = (".csv", ".tsv", ".tab")
_JSON: Final = (".json", ".jsonl", ".ndjson")

Opener = Callable[[Input, Sequence[str]], FileRows]


def read_file(source: Input, columns: Sequence[str] = ()) -> FileRows:
    """Recognise a file and return its rows, which are read on demand.

    `columns` are those that the user named; they decide how a CSV file without a header is
    read, and typed formats read only these, "text", and those of chats. Rows that an import
    refused come back from the file they were written to. Raises ImportRefused for a file that is
    missing, empty, damaged, binary or of no known format, and for a folder that is not a dataset.
    """
    if isinstance(source, Path) and source.is_dir():
        return open_folder(source, columns, read_file)
    plain = unpack(source)
    head = read_head(plain)
    if not head:
        raise ImportRefused(f"{source} is empty.")
    if typed := _typed(head):
        return typed(plain, columns)
    refuse_foreign(plain, head)
    start = peek(head)
    refuse_markup(plain, start)
    opener, said = _text_opener(plain, start, columns, is_whole=len(head) < HEAD_BYTES)
    rows = opener(plain, columns)
    remark = f"{plain.name}: read as {said}."
    if said and remark not in rows.remarks:
        rows = replace(rows, remarks=(*rows.remarks, remark))
    return restore(rows)


def open_plain_text(source: Input, _: Sequence[str] = ()) -> FileRows:
    """Read one text a line; blank lines are skipped."""
    encoding = detect_encoding(source)

    def read() -> Iterator[Record | Rejected]:
        for number, line in enumerate(read_lines(source, encoding, newline=None), start=1):
            if line.strip():
                yield Record(number, {TEXT: line.removesuffix("\n")})

    return FileRows(source.name, (TEXT,), tuple(filter(None, (encoding.remark,))), read)


def is_typed(head: bytes) -> bool:
    """Whether a file's first bytes are those of a format that pyarrow reads."""
    return head.startswith((_PARQUET, _ARROW, _ARROW_STREAM))


def _typed(head: bytes) -> Opener | None:
    from store.reading.folders import open_arrow_file, open_parquet_file

    if head.startswith(_PARQUET):
        return open_parquet_file
    return open_arrow_file if is_typed(head) else None


def _text_opener(
    source: Input, start: str, columns: Sequence[str], *, is_whole: bool
) -> tuple[Opener, str]:
    """How a text is read, and what to say of it where its suffix means something else."""
    suffix = suffix_of(source)
    if begins_as_json(start, is_whole=is_whole) or (suffix in _JSON and has_object_line(start)):
        if is_lines(start, is_whole=is_whole):
            return open_json_lines, "JSON lines" if _is_other(suffix, ".jsonl", ".ndjson") else ""
        return open_json, "JSON" if _is_other(suffix, ".json") else ""
    if suffix in (".tsv", ".tab"):
        return _open_tsv, ""
    if suffix == ".csv":
        return open_delimited, ""
    if suffix == ".txt":
        if _is_table(source, start, columns):
            return open_delimited, "a table"
        return open_plain_text, ""
    if is_delimited(source) or start.partition("\n")[0].strip() in (TEXT, *columns):
        return open_delimited, "a table" if suffix in (*_JSON, ".parquet", ".pq", ".arrow") else ""
    if suffix in _JSON:
        return (open_json if suffix == ".json" else open_json_lines), ""
    raise ImportRefused(
        f"{source} is of no known format. Backquery reads {_FORMATS}; rename the file to the "
        "suffix of what it is: .txt for one text a line, .csv for a table."
    )


def _is_other(suffix: str, *usual: str) -> bool:
    return suffix in (*TABLES, *_JSON, ".txt", ".parquet", ".pq") and suffix not in usual


def _is_table(source: Input, start: str, columns: Sequence[str]) -> bool:
    """Say whether a .txt file is a table: its first row names what is asked for, or "text"."""
    first_line = start.partition("\n")[0]
    if not any(mark in first_line for mark in ",;|\t"):
        return first_line.lower().startswith(("sep=", '"sep=')) and is_delimited(source)
    if columns and all(name.isdecimal() for name in columns):
        return is_delimited(source)
    wanted = set(columns) or {TEXT}
    return wanted <= set(header_of(source, columns)) and is_delimited(source)


def _open_tsv(source: Input, columns: Sequence[str]) -> FileRows:
    return open_delimited(source, columns, delimiters=("\t",))
