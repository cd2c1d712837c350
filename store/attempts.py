"""What failed, and the numbers of the attempts at asking again."""

from typing import Literal

from store.database.connection import Database
from store.database.served import served

_FAILED = """
SELECT count(DISTINCT {parent}) FROM {table} WHERE error IS NOT NULL
  AND {parent} NOT IN (SELECT {parent} FROM {table} WHERE error IS NULL)
"""


@served
def count_failed(database: Database) -> tuple[int, int]:
    """Seeds for which every question has an error, and questions of which every answer has one."""
    with database.read() as cursor:
        return (
            cursor.number(_FAILED.format(table="queries", parent="sample_id")),
            cursor.number(_FAILED.format(table="answers", parent="query_id")),
        )


@served
def next_attempt(database: Database, table: Literal["queries", "answers"]) -> int:
    """The number of the next attempt at rows that failed; 1 if none ever did."""
    with database.read() as cursor:
        return cursor.number(
            f"SELECT coalesce(max(attempt) FILTER (error IS NOT NULL), 0) + 1 FROM {table}"
        )


@served
def next_question(database: Database) -> int:
    """The number of the attempt at seeds that were sent back; 1 if none were."""
    with database.read() as cursor:
        return cursor.number("SELECT coalesce(max(attempt), 0) + 1 FROM sent_back")
