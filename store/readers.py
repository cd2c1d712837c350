"""Reads one file into rows, whatever its format.

The suffix names the format; a file without a known one is recognised by its content. What is
broken is refused here: whole files with ImportRefused, single rows as `Rejected`. pyarrow is
imported with the first file that needs it.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Final

from store.decoding import cannot_read, detect_encoding, read_lines
from store.delimited import is_delimited, open_delimited
from store.errors import ImportRefused
from store.jsontext import open_json, open_json_lines
from store.rows import FileRows, Record, Rejected

TEXT: Final = "text"  # the column of plain text, and of any file unless the person says otherwise

_FORMATS: Final = "CSV, TSV, JSONL, JSON, Parquet, plain text (.txt) and `datasets` folders"

Opener = Callable[[Path, Sequence[str]], FileRows]


def read_file(path: Path, columns: Sequence[str] = ()) -> FileRows:
    """Recognise a file and return its rows, which are read on demand.

    `columns` are those that the person named; they decide how a CSV file without a header is
    read, and typed formats read only these and "text". Raises ImportRefused for a file that is
    missing, empty, damaged or of no known format, and for a folder that is no dataset.
    """
    if path.is_dir():
        from store.columnar import open_arrow_folder

        return open_arrow_folder(path, _wanted(columns))
    try:
        size_bytes = path.stat().st_size
    except FileNotFoundError as error:
        raise ImportRefused(f"{path} does not exist.") from error
    except OSError as error:
        raise cannot_read(path, error) from error
    if not size_bytes:
        raise ImportRefused(f"{path} is empty.")
    opener = _OPENERS.get(path.suffix.lower()) or _recognise(path)
    return opener(path, columns)


def open_plain_text(path: Path, _: Sequence[str] = ()) -> FileRows:
    """Read one text a line; blank lines are skipped."""
    encoding = detect_encoding(path)

    def read() -> Iterator[Record | Rejected]:
        for number, line in enumerate(read_lines(path, encoding, newline=None), start=1):
            if line.strip():
                yield Record(number, {TEXT: line.removesuffix("\n")})

    return FileRows(path.name, (TEXT,), tuple(filter(None, (encoding.remark,))), read)


def _recognise(path: Path) -> Opener:
    """Choose by content: Parquet's mark, JSON's brackets, or rows of one width."""
    try:
        with path.open("rb") as file:
            mark = file.read(4)
    except OSError as error:
        raise cannot_read(path, error) from error
    if mark == b"PAR1":
        return _open_parquet
    lines = list(islice(read_lines(path, detect_encoding(path), newline="\n"), 100))
    start = "".join(lines).lstrip()
    if start.startswith("{") and _is_json_object(start.partition("\n")[0]):
        return open_json_lines
    if start.startswith(("{", "[")):
        return open_json
    if is_delimited(path):
        return open_delimited
    raise ImportRefused(
        f"{path} is of no known format. Backquery reads {_FORMATS}; "
        "rename the file to the suffix of what it is."
    )


def _is_json_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _wanted(columns: Sequence[str]) -> frozenset[str]:
    return frozenset((TEXT, *columns))


def _open_parquet(path: Path, columns: Sequence[str]) -> FileRows:
    from store.columnar import open_parquet

    return open_parquet(path, _wanted(columns))


def _open_tsv(path: Path, columns: Sequence[str]) -> FileRows:
    return open_delimited(path, columns, delimiters=("\t",))


_OPENERS: Final[dict[str, Opener]] = {
    ".csv": open_delimited,
    ".tsv": _open_tsv,
    ".tab": _open_tsv,
    ".jsonl": open_json_lines,
    ".ndjson": open_json_lines,
    ".json": open_json,
    ".parquet": _open_parquet,
    ".pq": _open_parquet,
    ".txt": open_plain_text,
}
