"""Records of what deployed guards logged; the text of one is a sample with the same id.

A big log comes in by many transactions. Each says how far the file has been read by then, so that
after a kill the next import goes on there.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from store.database.connection import Database, check_columns
from store.database.cursor import Cursor, Value
from store.database.served import served
from store.datasets import add_roles
from store.log_files import LogFile, note_place
from store.reading.logs.entries import Mark

RECORDS: Final = pl.Schema(
    {
        "record_id": pl.String(),
        "dataset": pl.String(),
        "text": pl.String(),  # null where the log has none that can be used
        "context": pl.String(),  # of a pair; null for a single text
        "text_hash": pl.String(),  # of both texts of a pair; null without a text
        "external_id": pl.String(),  # the log's own
        "missing": pl.String(),  # why there is no text: "redacted" or "absent"
        "logged_at": pl.Datetime("us"),  # UTC
        "guard": pl.String(),
        "guard_version": pl.String(),
        "verdict": pl.String(),  # "flagged", "passed", "failed"; null where no guard spoke
        "score": pl.Float64(),
        "categories": pl.List(pl.String),
        "prompt": pl.String(),  # what the text answers
        "conversation": pl.String(),
        "feedback": pl.String(),  # "right" or "wrong": what a user said of the verdict
        "source": pl.String(),  # name of the file
        "line": pl.Int64(),
    }
)
KNOWN: Final = pl.Schema(
    dict.fromkeys(("record_id", "text_hash", "missing", "verdict", "feedback"), pl.String())
)
_NO_DIGEST: Final = ""  # of a file that may grow
_OF_SAMPLES: Final = ("dataset", "text", "context", "text_hash", "external_id", "source", "line")
_OF_SAMPLES_ALONE: Final = ("text", "context", "text_hash", "external_id")


def insert_records(cursor: Cursor, records: pl.DataFrame) -> None:
    """Insert records (schema RECORDS) that are not there yet, and their texts as samples.

    Those of one conversation are a group: a split keeps them together.
    """
    check_columns(records, RECORDS, "the log")
    texts = records.filter(pl.col("text").is_not_null())
    cursor.insert(
        "samples",
        texts.select(*_OF_SAMPLES, sample_id="record_id", group_key="conversation"),
    )
    cursor.insert("log_records", records.drop(_OF_SAMPLES_ALONE))


@served
def count_missing(database: Database) -> dict[str, int]:
    """How many records of each dataset have no text; datasets without such a record are absent."""
    with database.read() as cursor:
        return dict(
            cursor.rows(
                """SELECT dataset, count(*) FROM log_records WHERE missing IS NOT NULL
                GROUP BY dataset"""
            )
        )


@served
def holds_table(database: Database, dataset: str) -> bool:
    """Whether a dataset has rows that did not come from a log."""
    with database.read() as cursor:
        rows = cursor.rows(
            """SELECT 1 FROM samples WHERE dataset = ?
            AND sample_id NOT IN (SELECT record_id FROM log_records) LIMIT 1""",
            [dataset],
        )
    return bool(rows)


@served
def find_records(database: Database, record_ids: pl.Series) -> pl.DataFrame:
    """Those of these records that are there (schema KNOWN)."""
    with database.read() as cursor, cursor.view("wanted", record_ids.to_frame("record_id")):
        return cursor.frame(
            """SELECT record_id, text_hash, missing, verdict, feedback
            FROM (SELECT * FROM log_records WHERE record_id IN (SELECT record_id FROM wanted))
            LEFT JOIN (SELECT sample_id AS record_id, text_hash FROM samples
                       WHERE sample_id IN (SELECT record_id FROM wanted)) USING (record_id)"""
        )


@dataclass(frozen=True, slots=True)
class LogTally:
    """What became of a file's records in one import so far.

    `read` = `new` + `known` + `rejected`. `redacted` counts replacements by pattern.
    """

    read: int = 0
    new: int = 0
    known: int = 0
    rejected: int = 0


@dataclass(frozen=True, slots=True)
class LogProgress:
    """A file after a batch: how far it is read, and what it is called and known by.

    Without a `file`, more of the batch follows, and the place is that of `before` still.
    `import_id` is that of its line among the imports; None begins one.
    """

    name: str
    file: LogFile | None
    before: Mark | None
    tally: LogTally
    reading: Mapping[str, object]  # what must be the same for it to be read on
    noted: Mapping[str, object]  # what the import keeps of its options
    rejects_file: str | None
    is_last: bool
    import_id: int | None


@served
def take_in_records(
    database: Database,
    dataset: str,
    new: pl.DataFrame,
    learned: pl.DataFrame,
    progress: LogProgress,
) -> int:
    """Take a batch of records in, with how far the log has been read; the id of the import.

    `new` and `learned` are of schema RECORDS: records that are not there, and what is now known of
    some that are. Raises RowKnown where another import was first.
    """
    with database.write(is_patient=True) as cursor:
        add_roles(cursor, dataset, ("production",))
        insert_records(cursor, new)
        _learn(cursor, learned)
        if progress.file is not None:
            note_place(cursor, dataset, progress.file, progress.before, progress.reading)
        return _note_import(cursor, database, dataset, progress)


def _learn(cursor: Cursor, learned: pl.DataFrame) -> None:
    """Fill what was not known of records, and renew what users said of them."""
    if learned.is_empty():
        return
    check_columns(learned, RECORDS, "the log")
    gained = learned.filter(pl.col("text").is_not_null())
    with cursor.view("learned", learned), cursor.view("gained", gained):
        cursor.execute(
            """INSERT INTO samples BY NAME
            SELECT record_id AS sample_id, g.dataset, g.text, g.context, g.text_hash,
                   g.external_id, g.conversation AS group_key, g.source, g.line
            FROM gained g JOIN log_records r USING (record_id) WHERE r.missing IS NOT NULL"""
        )
        cursor.execute(
            """UPDATE log_records SET
                missing = CASE WHEN l.text IS NOT NULL THEN NULL ELSE log_records.missing END,
                logged_at = coalesce(log_records.logged_at, l.logged_at),
                guard_version = coalesce(log_records.guard_version, l.guard_version),
                verdict = coalesce(log_records.verdict, l.verdict),
                score = coalesce(log_records.score, l.score),
                categories = CASE WHEN len(log_records.categories) = 0 THEN l.categories
                                  ELSE log_records.categories END,
                prompt = coalesce(log_records.prompt, l.prompt),
                feedback = coalesce(l.feedback, log_records.feedback)
            FROM learned l WHERE l.record_id = log_records.record_id"""
        )


def _note_import(cursor: Cursor, database: Database, dataset: str, progress: LogProgress) -> int:
    """Write the line of an import with its first batch, and its counts again with the last.

    An update keeps DuckDB from writing its own log into the file until it is closed, so one with
    each batch would let that log, and what it holds in memory, grow with all that comes in.
    """
    tally = progress.tally
    counts: list[Value] = [
        json.dumps(dict(progress.noted)), tally.read, tally.new + tally.known, tally.rejected,
        tally.known, progress.rejects_file,
    ]  # fmt: skip
    if progress.import_id is None:
        return cursor.number(
            """INSERT INTO imports (options, rows_read, rows_taken, rows_rejected, duplicates,
                rejects_file, dataset, file_name, digest, imported_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING import_id""",
            [*counts, dataset, progress.name, _NO_DIGEST, database.now()],
        )
    if progress.is_last:
        cursor.execute(
            """UPDATE imports SET options = ?, rows_read = ?, rows_taken = ?, rows_rejected = ?,
                duplicates = ?, rejects_file = ? WHERE import_id = ?""",
            [*counts, progress.import_id],
        )
    return progress.import_id
