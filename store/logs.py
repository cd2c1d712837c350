"""Records of what deployed guards logged; the text of one is a sample with the same id."""

from typing import Final

import polars as pl

from store.database.connection import Database, check_columns
from store.database.cursor import Cursor
from store.database.served import served

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
