"""Reads JSON and JSON lines.

Numbers keep the text they have in the file: 1 stays "1" and 1.0 stays "1.0", however long.
"""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Final

from store.errors import ImportRefused
from store.reading.chats import CHAT_COLUMNS, is_chat
from store.reading.encoding import Encoding, detect_encoding, read_lines
from store.reading.inputs import Input
from store.reading.rows import FileRows, Record, Rejected, as_cell

_BEGINS: Final = re.compile(r"\s*(?:\[\s*)?\{")
_SPACE: Final = re.compile(r"\s*")
_APART: Final = frozenset(("columns", "index", "data"))
_CUT_OFF: Final = 8  # characters before the end of a text where a value can be cut in two


def open_json_lines(source: Input, _: Sequence[str] = ()) -> FileRows:
    """Read one object a line; blank lines are skipped.

    The columns are the keys of all objects in the file, which is read once to know them. Raises
    ImportRefused where no line is an object.
    """
    return _json_lines(source, detect_encoding(source), remark=None)


def open_json(source: Input, _: Sequence[str] = ()) -> FileRows:
    """Read a list of objects, an object that holds exactly one, or objects one after another.

    An object of columns, as pandas writes it, is read as the table it is. A file of JSON lines
    under this name, as some programs write it, is read as such.
    """
    encoding = detect_encoding(source)
    text = "".join(read_lines(source, encoding, newline=""))
    remark = None
    try:
        found = _loads_all(text)
    except (ValueError, RecursionError) as error:
        first_line = text.lstrip().partition("\n")[0]
        if isinstance(_parse_line(first_line), dict):
            return _json_lines(source, encoding, f"{source.name}: read as JSON lines.")
        raise ImportRefused(f"{source} is not JSON: {_explain(error)}.") from error
    if len(found) > 1:
        if all(isinstance(_parse_line(line), dict) for line in text.splitlines() if line.strip()):
            return _json_lines(source, encoding, f"{source.name}: read as JSON lines.")
        remark = f"{source.name}: read as JSON objects, one after another."
    rows = _find_rows(source, found[0]) if len(found) == 1 else found
    keys = dict.fromkeys(key for row in rows if isinstance(row, dict) for key in row)
    _require_columns(source, keys)

    def read() -> Iterator[Record | Rejected]:
        for position, row in enumerate(rows, start=1):
            yield _as_row(position, row, "" if isinstance(row, dict) else json.dumps(row))

    return FileRows(source.name, tuple(keys), tuple(filter(None, (encoding.remark, remark))), read)


def begins_as_json(start: str, *, is_whole: bool) -> bool:
    """Say whether a text begins with objects of JSON, or a list of them, and nothing else.

    Where the text is not whole, the last value may be cut off.
    """
    if not _BEGINS.match(start):
        return False
    if has_object_line(start.lstrip().partition("\n")[0]):
        return True
    position = _skip_space(start, 0)
    while position < len(start):
        if start[position] not in "[{":
            return False
        try:
            _, position = _DECODER.raw_decode(start, position)
        except json.JSONDecodeError as error:
            is_open = error.msg.startswith("Unterminated") or error.pos > len(start) - _CUT_OFF
            return is_open and not is_whole
        except RecursionError:
            return False
        position = _skip_space(start, position)
    return True


def has_object_line(start: str) -> bool:
    """Say whether one of a text's lines is a JSON object by itself."""
    return any(isinstance(_parse_line(line), dict) for line in start.split("\n") if line.strip())


def is_lines(start: str, *, is_whole: bool) -> bool:
    """Say whether a text that is JSON is that of JSON lines: an object in each of them.

    A single line is a document where it holds rows: a list of objects, or columns.
    """
    lines = [line for line in start.split("\n") if line.strip()]
    first = _parse_line(lines[0]) if lines else None
    if isinstance(first, dict):
        return not (is_whole and len(lines) == 1 and _is_document(first))
    if start.lstrip().startswith("[") or begins_as_json(start, is_whole=is_whole):
        return False
    return has_object_line(start)


def _json_lines(source: Input, encoding: Encoding, remark: str | None) -> FileRows:
    def read() -> Iterator[Record | Rejected]:
        for number, line in enumerate(read_lines(source, encoding, newline="\n"), start=1):
            if line.strip():
                yield _as_row(number, _parse_line(line), line.rstrip("\r\n"))

    keys = dict.fromkeys(key for row in read() if isinstance(row, Record) for key in row.values)
    _require_columns(source, keys)
    return FileRows(source.name, tuple(keys), tuple(filter(None, (encoding.remark, remark))), read)


def _require_columns(source: Input, keys: dict[str, None]) -> None:
    if not keys:
        raise ImportRefused(
            f"{source} holds no JSON object with a key, so it has no columns. Each row must be an "
            'object such as {"text": "…"}; plain text goes into a file that ends in .txt.'
        )


def _find_rows(source: Input, found: object) -> list[object]:
    if isinstance(found, list):
        return found
    lists = _lists_of_objects(found)
    if len(lists) == 1:
        return next(iter(lists.values()))
    if not lists and isinstance(found, dict):
        if any(is_chat(found.get(column)) for column in CHAT_COLUMNS):
            return [found]
        if table := _table(found):
            return table
    held = f"{len(lists)} such lists ({', '.join(lists)})" if lists else "no such list"
    raise ImportRefused(
        f"{source} must hold a list of objects, or an object with one such list in it; "
        f"it holds {held}."
    )


def _lists_of_objects(found: object) -> dict[str, list[object]]:
    """The values of an object that are lists of objects, but no chats."""
    return {
        key: value
        for key, value in (found.items() if isinstance(found, dict) else ())
        if isinstance(value, list)
        and any(isinstance(row, dict) for row in value)
        and not (key in CHAT_COLUMNS and is_chat(value))
    }


def _is_document(found: dict[str, object]) -> bool:
    has_chat = any(is_chat(found.get(column)) for column in CHAT_COLUMNS)
    return bool(_lists_of_objects(found)) or (not has_chat and bool(_table(found)))


def _table(columns: dict[str, object]) -> list[object]:
    """The rows of an object of columns, each a list or an object by row; [] for others.

    pandas writes such objects, and those of the names and the rows apart.
    """
    values = list(columns.values())
    names, rows = columns.get("columns"), columns.get("data")
    if isinstance(names, list) and isinstance(rows, list) and len(columns) == len(_APART):
        whole = [row for row in rows if isinstance(row, list) and len(row) == len(names)]
        if _APART.issuperset(columns) and len(whole) == len(rows):
            return [dict(zip(map(str, names), row, strict=True)) for row in whole]
    if all(isinstance(value, list) for value in values):
        lists = [value for value in values if isinstance(value, list)]
        if len({len(value) for value in lists}) == 1:
            return [dict(zip(columns, row, strict=True)) for row in zip(*lists, strict=True)]
    if all(isinstance(value, dict) for value in values):
        objects = [value for value in values if isinstance(value, dict)]
        if len({tuple(value) for value in objects}) == 1:
            keys = objects[0]
            return [{name: value[key] for name, value in zip(columns, objects, strict=True)}
                    for key in keys]  # fmt: skip
    return []


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
        return _DECODER.decode(line)
    except (ValueError, RecursionError) as error:
        return _Broken(_explain(error))


def _loads_all(text: str) -> list[object]:
    """The values that a text holds one after another, one at least."""
    found: list[object] = []
    position = _skip_space(text, 0)
    while position < len(text) or not found:
        value, position = _DECODER.raw_decode(text, position)
        found.append(value)
        position = _skip_space(text, position)
        if position < len(text) and not (isinstance(value, dict) and text[position] == "{"):
            raise json.JSONDecodeError("Extra data", text, position)
    return found


def _skip_space(text: str, position: int) -> int:
    found = _SPACE.match(text, position)
    return found.end() if found else position


def _constant(name: str) -> str | None:
    return None if name == "NaN" else name


_DECODER: Final = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=_constant)


def _explain(error: ValueError | RecursionError) -> str:
    if isinstance(error, json.JSONDecodeError):
        line = f"line {error.lineno}, " if "\n" in error.doc.strip() else ""
        return f"{error.msg} at {line}column {error.colno}"
    return "nested too deeply"
