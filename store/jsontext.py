"""Reads JSON and JSON lines.

Numbers keep the text they have in the file: 1 stays "1" and 1.0 stays "1.0", however long.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from store.decoding import Encoding, detect_encoding, read_lines
from store.errors import ImportRefused
from store.rows import FileRows, Record, Rejected, as_cell


def open_json_lines(path: Path, _: Sequence[str] = ()) -> FileRows:
    """Read one object a line; blank lines are skipped.

    The columns are the keys of all objects in the file, which is read once to know them.
    """
    return _json_lines(path, detect_encoding(path), remark=None)


def open_json(path: Path, _: Sequence[str] = ()) -> FileRows:
    """Read a list of objects, or an object that holds exactly one list of objects.

    A file of JSON lines under this name, as some programs write it, is read as such.
    """
    encoding = detect_encoding(path)
    text = "".join(read_lines(path, encoding, newline=""))
    try:
        found = _loads(text)
    except (ValueError, RecursionError) as error:
        first_line = text.lstrip().partition("\n")[0]
        if isinstance(_parse_line(first_line), dict):
            return _json_lines(path, encoding, f"{path.name}: read as JSON lines.")
        raise ImportRefused(f"{path} is not JSON: {_explain(error)}.") from error
    rows = _find_rows(path, found)
    keys = dict.fromkeys(key for row in rows if isinstance(row, dict) for key in row)

    def read() -> Iterator[Record | Rejected]:
        for position, row in enumerate(rows, start=1):
            yield _as_row(position, row, "" if isinstance(row, dict) else json.dumps(row))

    return FileRows(path.name, tuple(keys), tuple(filter(None, (encoding.remark,))), read)


def _json_lines(path: Path, encoding: Encoding, remark: str | None) -> FileRows:
    def read() -> Iterator[Record | Rejected]:
        for number, line in enumerate(read_lines(path, encoding, newline="\n"), start=1):
            if line.strip():
                yield _as_row(number, _parse_line(line), line.rstrip("\r\n"))

    keys = dict.fromkeys(key for row in read() if isinstance(row, Record) for key in row.values)
    return FileRows(path.name, tuple(keys), tuple(filter(None, (encoding.remark, remark))), read)


def _find_rows(path: Path, found: object) -> list[object]:
    if isinstance(found, list):
        return found
    lists = {
        key: value
        for key, value in (found.items() if isinstance(found, dict) else ())
        if isinstance(value, list) and any(isinstance(row, dict) for row in value)
    }
    if len(lists) == 1:
        return next(iter(lists.values()))
    held = f"{len(lists)} such lists ({', '.join(lists)})" if lists else "no such list"
    raise ImportRefused(
        f"{path} must hold a list of objects, or an object with one such list in it; "
        f"it holds {held}."
    )


def _as_row(line: int, row: object, raw: str) -> Record | Rejected:
    if isinstance(row, dict):
        return Record(line, {key: as_cell(value) for key, value in row.items()})
    if isinstance(row, _Broken):
        return Rejected(line, f"not JSON: {row.reason}", raw)
    return Rejected(line, "not a JSON object", raw)


class _Broken:
    """A line that is not JSON."""

    def __init__(self, reason: str) -> None:
        self.reason = reason


def _parse_line(line: str) -> object:
    try:
        return _loads(line)
    except (ValueError, RecursionError) as error:
        return _Broken(_explain(error))


def _loads(text: str) -> object:
    return json.loads(text, parse_int=str, parse_float=str, parse_constant=_constant)


def _constant(name: str) -> str | None:
    return None if name == "NaN" else name


def _explain(error: ValueError | RecursionError) -> str:
    if isinstance(error, json.JSONDecodeError):
        line = f"line {error.lineno}, " if "\n" in error.doc.strip() else ""
        return f"{error.msg} at {line}column {error.colno}"
    return "nested too deeply"
