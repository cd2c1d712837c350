"""Reads the table `guard_logs` that Guardrails AI keeps in an SQLite file, read-only.

A row has the text before and after a guard or one of its validators. Its message is a validator's
outcome, or the exception with which a guard ended.
"""

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final
from urllib.parse import quote

from store.errors import ImportRefused
from store.reading.inputs import Input
from store.reading.logs.entries import Entry, Mark, Place
from store.reading.logs.records import Asked, Layout, LogRecord, PassedOver, Reader, Row, Verdict
from store.reading.logs.values import as_text, as_time, plain_word, word

_SIGNATURE: Final = b"SQLite format 3\0"
_TABLE: Final = "guard_logs"
_COLUMNS: Final = ("id", "guard_name", "start_time", "prevalidate_text", "postvalidate_text",
                   "exception_message")  # fmt: skip
_REFUSED: Final = "validation failed"  # how the exception of a guard that found something begins


def is_sqlite(head: bytes) -> bool:
    """Whether a file's first bytes are those of an SQLite database."""
    return head.startswith(_SIGNATURE)


class SqliteLog:
    """The rows of `guard_logs`, by their ids. Raises ImportRefused for any other database."""

    def __init__(self, source: Input) -> None:
        if not isinstance(source, Path):
            raise ImportRefused(
                f"{source} is an SQLite database, which is read from its own file: neither packed "
                "nor through a pipe. Unpack or copy it, and import that file."
            )
        self._path = source
        columns = {name for _, name, *_ in self._ask(f"PRAGMA table_info({_TABLE})")}
        if not columns.issuperset(_COLUMNS):
            raise ImportRefused(
                f"{source} is an SQLite database without the table {_TABLE} of Guardrails AI. "
                "Export the table you mean as CSV or Parquet, and import that file."
            )

    @property
    def name(self) -> str:
        """The name of the file."""
        return self._path.name

    @property
    def can_grow(self) -> bool:
        """Whether what ends in the middle of a row may go on later."""
        return True

    def entries(self, start: Place) -> Iterator[Entry]:
        """The rows after a place, whose lines are their ids."""
        columns = ", ".join(_COLUMNS)
        sql = f"SELECT {columns} FROM {_TABLE} WHERE id > ? ORDER BY id"
        for values in self._ask(sql, start.read_lines):
            number = int(str(values[0]))
            row = dict(zip(_COLUMNS, values, strict=True))
            yield Entry(number, row, None, "", 0, number)

    def mark(self, place: Place) -> Mark | None:
        """What the row at a place is known by; None if it is not there any more."""
        columns = ", ".join(_COLUMNS)
        found = list(self._ask(f"SELECT {columns} FROM {_TABLE} WHERE id = ?", place.read_lines))
        return Mark(_TABLE, hashlib.sha256(repr(found[0]).encode()).hexdigest()) if found else None

    def _ask(self, sql: str, *values: int) -> Iterator[Sequence[object]]:
        try:
            address = f"file:{quote(str(self._path.absolute()))}?mode=ro"
            with closing(sqlite3.connect(address, uri=True)) as database:
                database.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
                yield from database.execute(sql, values)
        except sqlite3.Error as error:
            raise ImportRefused(f"{self._path} cannot be read as SQLite: {error}.") from error


def recognises(row: Row) -> bool:
    """Whether a row is one of `guard_logs`."""
    return "prevalidate_text" in row and "guard_name" in row


def _open(asked: Asked, _: Sequence[Row]) -> Reader:
    side = asked.turn or "assistant"

    def read(row: Row) -> Iterator[LogRecord | PassedOver]:
        text, missing = as_text(row.get("prevalidate_text"))
        number, started = word(row.get("id")), word(row.get("start_time"))
        yield LogRecord(
            side, text, missing, number and f"{number}:{started or ''}",
            logged_at=as_time(row.get("start_time")),
            guard=word(row.get("guard_name")),
            verdict=_verdict(row),
        )  # fmt: skip

    return read


def _verdict(row: Row) -> Verdict:
    message = row.get("exception_message")
    outcome = plain_word(message)
    if outcome in ("pass", "fail"):
        return "passed" if outcome == "pass" else "flagged"
    if outcome:
        return "flagged" if _REFUSED in str(message).lower() else "failed"
    before, after = row.get("prevalidate_text"), row.get("postvalidate_text")
    return "passed" if after in (before, None, "") else "flagged"


GUARDRAILS_AI: Final = Layout("Guardrails AI", recognises, _open)
