"""Turns rows of a log into batches of records for the store, with what is refused and why."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Final

import polars as pl

from store.ids import content_digest, row_id
from store.logs import RECORDS
from store.reading.cells import RowRefused
from store.reading.logs.entries import Entry, LogSource, Place
from store.reading.logs.records import Asked, LogRecord, PassedOver, Reader
from store.reading.logs.redaction import Redaction

# Escapes of what neither Arrow nor DuckDB hold: NUL, and halves of characters.
_SUSPICIOUS: Final = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
_UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")
_CUT_OFF: Final = "the file ends in the middle of it"

Reject = tuple[str, int, str, str]  # file, line, reason, the row as it was


@dataclass(slots=True)
class Batch:
    """Some rows of a log: records (schema RECORDS), rows that were refused, and the end of them.

    `raws` are the rows of the records. `passed` counts what holds no text, by reason. `waits` says
    that the file ends in the middle of a row, which may go on.
    """

    records: pl.DataFrame
    raws: list[Entry]
    rejects: list[Reject]
    passed: Counter[str]
    end: Place
    waits: bool = False


@dataclass(slots=True)
class BatchReader:
    """Reads a log batch by batch, and knows which records without an id came before.

    `seen` has 16 bytes for each record that has neither an id nor a turn before it.
    """

    log: LogSource
    dataset: str
    asked: Asked
    read_row: Reader
    redaction: Redaction | None = None
    seen: Counter[bytes] = field(default_factory=Counter)

    @property
    def is_counting(self) -> bool:
        """Whether records are told apart by their occurrence, so that all must be read again."""
        return bool(self.seen)

    def batches(self, start: Place, size: int, *, is_ended: bool) -> Iterator[Batch]:
        """The rows after a place, at least `size` records at once, if so many are left.

        With `is_ended`, what ends in the middle of a row is refused; else it waits.
        """
        entries = self.log.entries(start)
        end = start
        while chunk := list(islice(entries, size)):
            batch = self._batch(chunk, end, is_ended=is_ended)
            yield batch
            end = batch.end

    def _batch(self, entries: list[Entry], end: Place, *, is_ended: bool) -> Batch:
        rows: list[tuple[object, ...]] = []
        batch = Batch(_EMPTY, [], [], Counter(), end)
        for entry in entries:
            if entry.row is None and not entry.is_whole and not is_ended:
                batch.waits = True
                break
            batch.end = entry.end
            if entry.row is None:
                reason = entry.reason if entry.is_whole else _CUT_OFF
                batch.rejects.append(self.reject(entry, reason))
                continue
            try:
                found = list(self.read_row(entry.row))
                records = [item for item in found if isinstance(item, LogRecord)]
                usable = [self._usable(record, entry) for record in records]
            except RowRefused as error:
                batch.rejects.append(self.reject(entry, str(error)))
                continue
            rows += [self._row(record, entry) for record in usable]
            batch.raws += [entry] * len(usable)
            batch.passed.update(item.reason for item in found if isinstance(item, PassedOver))
        columns = zip(RECORDS, zip(*rows, strict=True), strict=True) if rows else ()
        batch.records = pl.DataFrame(dict(columns), RECORDS)
        return batch

    def reject(self, entry: Entry, reason: str) -> Reject:
        """A row that is refused, redacted as what is taken is."""
        redact = self.redaction.apply if self.redaction else _unchanged
        if entry.row is not None and (entry.raw is None or self.redaction):
            kept = self.redaction.apply_within(dict(entry.row)) if self.redaction else entry.row
            raw = json.dumps(kept, ensure_ascii=False, default=str)
        else:
            raw = (entry.raw or b"").decode("utf-8", "backslashreplace").rstrip("\r\n")
        return self.log.name, entry.line, redact(reason), _encodable(redact(raw))

    def _usable(self, record: LogRecord, entry: Entry) -> LogRecord:
        """A record as it can be stored: redacted, and with a context where one is needed."""
        if entry.raw is None or _SUSPICIOUS.search(entry.raw):
            _require_storable(record)
        text, prompt, context = record.text, record.prompt, record.context
        if not self.asked.is_pair:
            context = None
        elif text is not None and context is None:
            raise RowRefused(_NO_CONTEXT[record.side])
        if self.redaction is not None:
            apply = self.redaction.apply
            text, prompt, context = (item and apply(item) for item in (text, prompt, context))
        elif context is record.context:
            return record
        return replace(record, text=text, prompt=prompt, context=context)

    def _row(self, record: LogRecord, entry: Entry) -> tuple[object, ...]:
        """The columns of RECORDS."""
        text, context = record.text, record.context
        text_hash = None if text is None else content_digest(text, context)
        return (
            self._id(record, text_hash), self.dataset, text, context, text_hash, record.own_id,
            record.missing, record.logged_at, record.guard, record.guard_version, record.verdict,
            record.score, list(record.categories), record.prompt, record.conversation,
            record.feedback, self.log.name, entry.line,
        )  # fmt: skip

    def _id(self, record: LogRecord, text_hash: str | None) -> str:
        """The id of a record: that of the log with guard and side, or a digest of what it holds."""
        if record.own_id is not None:
            return row_id("log", self.dataset, record.own_id, record.guard, record.side)
        said = (record.verdict, record.prompt) if not record.history else (record.history,)
        moment = None if record.logged_at is None else record.logged_at.isoformat()
        content = row_id(
            "log", self.dataset, record.side, text_hash, record.missing, moment, record.guard,
            record.guard_version, record.conversation, *said,
        )  # fmt: skip
        if record.repeated:
            return content
        key = bytes.fromhex(content)[:16]
        self.seen[key] += 1
        return row_id(content, self.seen[key] - 1) if self.seen[key] > 1 else content


def _require_storable(record: LogRecord) -> None:
    """Raise RowRefused where a text of a record cannot be stored."""
    texts = (
        record.text, record.prompt, record.context, record.own_id, record.conversation,
        record.guard, record.guard_version, *record.categories,
    )  # fmt: skip
    for text in texts:
        if text is not None and (found := _UNSTORABLE.search(text)):
            what = "a NUL character" if found[0] == "\0" else "bytes that are no character"
            raise RowRefused(f"contains {what}")


def _encodable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _unchanged(text: str) -> str:
    return text


_EMPTY: Final = pl.DataFrame(schema=RECORDS)
_NO_CONTEXT: Final = {
    "user": "the task's samples are pairs, and no system prompt comes before the user's text",
    "assistant": "the task's samples are pairs, and no user's text comes before the assistant's",
}
