"""Turns rows of a log into batches of records for the store, with what is refused and why."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain, islice
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
_OTHER_TEXT: Final = "its id is that of another record with another text"

Reject = tuple[str, int, str, str]  # file, line, reason, the row as it was


@dataclass(slots=True)
class Batch:
    """Some rows of a log: records (schema RECORDS), rows that were refused, and the end of them.

    `origins` are the line and the bytes of each record. `passed` counts what holds no text, by
    reason. `waits` says that the file ends in the middle of a row, which may go on.
    """

    records: pl.DataFrame
    origins: list[tuple[int, bytes]]
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
    id_space: str
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
        entries, end = self.log.entries(start), start
        for entry in entries:
            batch = self._batch(chain((entry,), islice(entries, size - 1)), end, is_ended=is_ended)
            yield batch
            end = batch.end

    def _batch(self, entries: Iterable[Entry], end: Place, *, is_ended: bool) -> Batch:
        rows: list[tuple[object, ...]] = []
        batch = Batch(_EMPTY, [], [], Counter(), end)
        last: Entry | None = None
        for entry in entries:
            if entry.row is None and not entry.is_whole and not is_ended:
                batch.waits = True
                break
            last = entry
            if entry.row is None:
                reason = entry.reason if entry.is_whole else _CUT_OFF
                batch.rejects.append(self._reject(entry, reason))
                continue
            try:
                found = list(self.read_row(entry.row))
                usable = [
                    self._usable(item, entry) for item in found if isinstance(item, LogRecord)
                ]
            except RowRefused as error:
                batch.rejects.append(self._reject(entry, str(error)))
                continue
            for record in usable:
                rows.append(self._row(record, entry.line))
                batch.origins.append((entry.line, entry.raw or _as_json(entry.row)))
            if len(usable) < len(found):
                batch.passed.update(item.reason for item in found if isinstance(item, PassedOver))
        if last is not None:
            batch.end = last.end
        batch.records = pl.DataFrame(rows, RECORDS, orient="row")
        return batch

    def reject_other(self, batch: Batch, nth: int) -> Reject:
        """The row of a record whose id is that of another with another text."""
        line, raw = batch.origins[nth]
        return self.log.name, line, _OTHER_TEXT, _shown(raw)

    def _reject(self, entry: Entry, reason: str) -> Reject:
        """A row that is refused, redacted as what is taken is."""
        redaction = self.redaction
        if redaction is None:
            raw = entry.raw or _as_json(entry.row or {})
            return self.log.name, entry.line, reason, _shown(raw)
        kept = redaction.apply_within(dict(entry.row)) if entry.row is not None else None
        shown = _shown(_as_json(kept) if kept is not None else entry.raw or b"")
        return self.log.name, entry.line, redaction.apply(reason), redaction.apply(shown)

    def _usable(self, record: LogRecord, entry: Entry) -> LogRecord:
        """A record as it can be stored: redacted, and with a context where one is needed."""
        if entry.raw is None or _SUSPICIOUS.search(entry.raw):
            _require_storable(record)
        if self.asked.is_pair and record.text is not None and record.context is None:
            raise RowRefused(_NO_CONTEXT[record.side])
        if self.redaction is None:
            return record
        apply = self.redaction.apply
        text, prompt, context = (
            item and apply(item) for item in (record.text, record.prompt, record.context)
        )
        return replace(record, text=text, prompt=prompt, context=context)

    def _row(self, record: LogRecord, line: int) -> tuple[object, ...]:
        """The columns of RECORDS."""
        text, context = record.text, record.context if self.asked.is_pair else None
        text_hash = None if text is None else content_digest(text, context)
        return (
            self._id(record, text_hash), self.dataset, text, context, text_hash, record.own_id,
            record.missing, record.logged_at, record.guard, record.guard_version, record.verdict,
            record.score, list(record.categories), record.prompt, record.conversation,
            record.feedback, self.log.name, line,
        )  # fmt: skip

    def _id(self, record: LogRecord, text_hash: str | None) -> str:
        """The id of a record: that of the log with guard and side, or a digest of what it holds."""
        if record.own_id is not None:
            return row_id("log", self.id_space, record.own_id, record.guard, record.side)
        said = (record.verdict, record.prompt) if not record.history else (record.history,)
        moment = None if record.logged_at is None else record.logged_at.isoformat()
        content = row_id(
            "log", self.id_space, record.side, text_hash, record.missing, moment, record.guard,
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


def _as_json(row: object) -> bytes:
    return json.dumps(row, ensure_ascii=False, default=str).encode("utf-8", "backslashreplace")


def _shown(raw: bytes) -> str:
    return raw.decode("utf-8", "backslashreplace").rstrip("\r\n")


_EMPTY: Final = pl.DataFrame(schema=RECORDS)
_NO_CONTEXT: Final = {
    "user": "the task's samples are pairs, and no system prompt comes before the user's text",
    "assistant": "the task's samples are pairs, and no user's text comes before the assistant's",
}
