"""Where rows of logs come from: files of JSON, tables, and SQLite databases, from a place on."""

import hashlib
import io
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final

from store.datasets import file_digest
from store.errors import ImportRefused
from store.reading.encoding import marked_codec, peek
from store.reading.files import is_typed, read_file
from store.reading.inputs import Held, Input, cannot_read, read_head
from store.reading.json import has_object_line, is_lines
from store.reading.logs.entries import Entry, LogSource, Mark, Place
from store.reading.logs.guardrails_ai import SqliteLog, is_sqlite
from store.reading.logs.pieces import cut
from store.reading.logs.records import Row
from store.reading.packing import unpack
from store.reading.rows import Record
from store.reading.signatures import refuse_foreign, refuse_markup

HEAD_ROWS: Final = 50
_END_BYTES: Final = 4096
_CHUNK: Final = 1 << 20
_BEGINS: Final = re.compile(r"\s*(?:\[\s*)?\{")  # as JSON, which may be broken further on


def open_log(source: Input) -> LogSource:
    """What reads a file. Raises ImportRefused for what holds no rows."""
    return open_untyped(source) or TableLog(source)


def open_untyped(source: Input) -> LogSource | None:
    """What reads a file of JSON, or an SQLite database; None for other tables and texts.

    Raises ImportRefused for what holds neither.
    """
    if isinstance(source, Path) and source.is_dir():
        return None
    plain = unpack(source)
    head = read_head(plain)
    if not head:
        raise ImportRefused(f"{source} is empty.")
    if is_sqlite(head):
        return SqliteLog(plain)
    if is_typed(head):
        return None
    start = peek(head)
    refuse_foreign(plain, head)
    refuse_markup(plain, start)
    if _BEGINS.match(start) or has_object_line(start):
        return JsonLog(_as_utf8(plain, head), is_packed=plain is not source)
    return None


def head_rows(log: LogSource) -> tuple[Row, ...]:
    """The first rows of a log that can be read."""
    entries = islice(log.entries(Place()), HEAD_ROWS)
    return tuple(entry.row for entry in entries if entry.row is not None)


def _as_utf8(source: Input, head: bytes) -> Input:
    codec = marked_codec(head)
    return (
        source if codec is None else Held(source.name, str(source), lambda: _recoded(source, codec))
    )


def _recoded(source: Input, codec: str) -> BinaryIO:
    """The bytes of a file in UTF-8, unpacked or in another encoding before."""
    with io.TextIOWrapper(source.open("rb"), codec, "surrogatepass", newline="") as lines:
        return io.BytesIO(lines.read().encode("utf-8", "surrogatepass"))


class JsonLog:
    """A file of JSON objects: one a line, one after another, or in a list."""

    def __init__(self, source: Input, *, is_packed: bool) -> None:
        self._source, self._is_packed = source, is_packed
        start = peek(read_head(source))
        self._by_line = is_lines(start, is_whole=False)

    @property
    def name(self) -> str:
        """The name of the file."""
        return self._source.name

    @property
    def can_grow(self) -> bool:
        """Whether what ends in the middle of a row may go on later."""
        return not self._is_packed

    def entries(self, start: Place) -> Iterator[Entry]:
        """The rows after a place."""
        try:
            with self._source.open("rb") as file:
                _skip(file, start.read_bytes)
                yield from cut(file, start, by_line=self._by_line)
        except OSError as error:
            raise cannot_read(self._source, error) from error

    def mark(self, place: Place) -> Mark | None:
        """What the file is known by up to a place; None if it ends before."""
        size = min(_END_BYTES, place.read_bytes)
        try:
            with self._source.open("rb") as file:
                head = file.read(size)
                tail = _tail(file, head, place.read_bytes)
        except OSError as error:
            raise cannot_read(self._source, error) from error
        if len(head) < size or len(tail) < size:
            return None
        return Mark(hashlib.sha256(head).hexdigest(), hashlib.sha256(tail).hexdigest())


def _skip(file: BinaryIO, size: int) -> None:
    """Go to a place in a file, by reading where it has no other way."""
    if file.seekable():
        file.seek(size)
        return
    while size > 0 and (chunk := file.read(min(size, _CHUNK))):
        size -= len(chunk)


def _tail(file: BinaryIO, head: bytes, end: int) -> bytes:
    """The last bytes before a place, as many as the head that was read; fewer at the file's end."""
    size = len(head)
    if file.seekable():
        file.seek(max(0, end - size))
        return file.read(size)
    left, tail = end - size, head
    while left > 0 and (chunk := file.read(min(left, _CHUNK))):
        left -= len(chunk)
        tail = (tail + chunk)[-size:]
    return tail if left <= 0 else b""


class TableLog:
    """A table, such as a Parquet file or a CSV: its rows are not read on, but known as a whole."""

    def __init__(self, source: Input) -> None:
        self._source = source
        self._rows = read_file(source, read_file(source).columns)
        self._digest = file_digest(source)

    @property
    def name(self) -> str:
        """The name of the file."""
        return self._rows.name

    @property
    def can_grow(self) -> bool:
        """Whether what ends in the middle of a row may go on later."""
        return False

    def entries(self, start: Place) -> Iterator[Entry]:
        """The rows after a place."""
        for row in self._rows.read():
            if row.line <= start.read_lines:
                continue
            if isinstance(row, Record):
                yield Entry(row.line, row.values, None, "", 0, row.line)
            else:
                raw = row.raw.encode("utf-8", "replace")
                yield Entry(row.line, None, raw, row.reason, 0, row.line)

    def mark(self, _: Place) -> Mark | None:
        """What the whole file is known by."""
        return Mark(self._digest, "")
