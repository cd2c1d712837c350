"""What deployed guards did over time: aggregates of the records of a log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

import polars as pl

from store.database.connection import Database
from store.database.served import served

Group = Literal["version", "category", "guard"]

VERDICTS: Final = pl.Schema(
    {
        "begin": pl.Datetime("us"),  # of the period, in UTC; null for records without a time
        "guard": pl.String(),
        "guard_version": pl.String(),
        "records": pl.Int64(),
        "flagged": pl.Int64(),
        "passed": pl.Int64(),
        "failed": pl.Int64(),
        "redacted": pl.Int64(),
        "absent": pl.Int64(),
        "disputed": pl.Int64(),  # a user called the verdict wrong
    }
)
FLAGGED: Final = pl.Schema(
    {
        "begin": pl.Datetime("us"),
        "category": pl.String(),  # null for records that were flagged without one
        "flagged": pl.Int64(),
    }
)


@dataclass(frozen=True, slots=True)
class FlaggedRecord:
    """A record that a guard flagged; `text` is None if the log had none, and `missing` says why."""

    record_id: str
    logged_at: datetime
    guard: str | None
    guard_version: str | None
    score: float | None
    categories: list[str]
    feedback: str | None
    prompt: str | None
    text: str | None
    missing: str | None


@served
def list_logged(database: Database) -> list[str]:
    """The datasets that have records of a log, by name."""
    with database.read() as cursor:
        rows = cursor.rows("SELECT DISTINCT dataset FROM log_records ORDER BY dataset")
    return [name for (name,) in rows]


@served
def hours_logged(database: Database, dataset: str) -> list[datetime]:
    """The hours of UTC in which anything was logged, in their order, without a zone."""
    with database.read() as cursor:
        rows = cursor.rows(
            """SELECT DISTINCT date_trunc('hour', logged_at) AS hour FROM log_records
            WHERE dataset = ? AND logged_at IS NOT NULL ORDER BY hour""",
            [dataset],
        )
    return [hour for (hour,) in rows]


@served
def count_verdicts(database: Database, dataset: str, begins: Sequence[datetime]) -> pl.DataFrame:
    """Records by period, guard and version (schema VERDICTS), in the order of time.

    A period lasts from one of `begins`, in UTC, to the next; those without a record are absent.
    """
    with database.read() as cursor:
        return cursor.frame(
            f"""SELECT p."begin", guard, guard_version, count(*) AS records,
                count(*) FILTER (verdict = 'flagged') AS flagged,
                count(*) FILTER (verdict = 'passed') AS passed,
                count(*) FILTER (verdict = 'failed') AS failed,
                count(*) FILTER (missing = 'redacted') AS redacted,
                count(*) FILTER (missing = 'absent') AS absent,
                count(*) FILTER (feedback = 'wrong') AS disputed
            FROM log_records r ASOF LEFT JOIN {_PERIODS} ON r.logged_at >= p."begin"
            WHERE dataset = ? GROUP BY ALL ORDER BY ALL NULLS FIRST""",
            [_written(begins), dataset],
        ).cast(VERDICTS)


@served
def count_categories(database: Database, dataset: str, begins: Sequence[datetime]) -> pl.DataFrame:
    """Flagged records by period and category (schema FLAGGED), in the order of time.

    A record of several categories counts in each of them.
    """
    with database.read() as cursor:
        return cursor.frame(
            f"""SELECT p."begin", category, count(*) AS flagged
            FROM (SELECT logged_at, unnest(
                      CASE WHEN len(categories) = 0 THEN [NULL] ELSE list_distinct(categories) END
                  ) AS category
                  FROM log_records WHERE dataset = ? AND verdict = 'flagged') r
            ASOF LEFT JOIN {_PERIODS} ON r.logged_at >= p."begin"
            GROUP BY ALL ORDER BY ALL NULLS FIRST""",
            [dataset, _written(begins)],
        ).cast(FLAGGED)


_PERIODS: Final = """(SELECT unnest(?::TIMESTAMP[]) AS "begin") p"""


def _written(begins: Sequence[datetime]) -> list[str]:
    return [begin.replace(tzinfo=None).isoformat() for begin in begins]


# What a record's group is called, "" where it has no name.
_NAMES: Final[dict[Group, str]] = {
    "version": "concat_ws(' ', guard, guard_version) = ?",
    "guard": "coalesce(guard, '') = ?",
    "category": "list_contains(CASE WHEN len(categories) = 0 THEN [''] ELSE categories END, ?)",
}


@served
def list_flagged(
    database: Database,
    dataset: str,
    begin: datetime,
    end: datetime,
    named: tuple[Group, str] | None,
    limit: int,
) -> list[FlaggedRecord]:
    """Records that were flagged from `begin` on and before `end`, in UTC, newest first.

    `named` narrows them to those of a group, by the name that it has where it is counted.
    """
    narrowed = f"AND {_NAMES[named[0]]}" if named else ""
    with database.read() as cursor:
        rows = cursor.rows(
            f"""SELECT record_id, logged_at, guard, guard_version, score, categories, feedback,
                prompt, text, missing
            FROM log_records r LEFT JOIN samples ON sample_id = record_id
            WHERE r.dataset = ? AND verdict = 'flagged' AND logged_at >= ? AND logged_at < ?
                {narrowed}
            ORDER BY logged_at DESC, record_id LIMIT ?""",
            [dataset, *_written([begin, end]), *([named[1]] if named else []), limit],
        )
    return [FlaggedRecord(*row) for row in rows]
