"""How the traffic of guards changes: texts of each period, and how those of two differ."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import polars as pl

from store.database.connection import Database
from store.database.served import served

TEXTS: Final = pl.Schema(
    {
        "sample_id": pl.String(),
        "begin": pl.Datetime("us"),  # of the period, in UTC
        "text": pl.String(),
    }
)


@dataclass(frozen=True, slots=True)
class TrafficFigure:
    """How well the texts of a period can be distinguished from those of the period before.

    `auc` and its interval are None if there were too few. Times are in UTC.
    """

    period: str
    before: datetime
    begin: datetime
    features: str
    n_before: int
    n: int
    auc: float | None
    low: float | None
    high: float | None
    config: str
    rows_digest: str


@served
def draw_texts(
    database: Database, dataset: str, begins: Sequence[datetime], limit: int
) -> pl.DataFrame:
    """At most `limit` texts with words of each period (schema TEXTS), in the order of time.

    A period lasts from one of `begins`, in UTC, to the next. Which rows are drawn follows from
    their ids, which are hashes.
    """
    with database.read() as cursor:
        return cursor.frame(
            """WITH drawn AS (
                SELECT record_id, p."begin" FROM log_records r
                ASOF JOIN (SELECT unnest(?::TIMESTAMP[]) AS "begin") p ON r.logged_at >= p."begin"
                WHERE dataset = ? AND missing IS NULL
                QUALIFY row_number() OVER (PARTITION BY p."begin" ORDER BY record_id) <= ?)
            SELECT sample_id, "begin", text FROM drawn JOIN samples ON sample_id = record_id
            WHERE regexp_matches(text, '\\w') ORDER BY "begin", sample_id""",
            [[begin.replace(tzinfo=None).isoformat() for begin in begins], dataset, limit],
        ).cast(TEXTS)


@served
def list_traffic(database: Database, dataset: str) -> list[TrafficFigure]:
    """The newest figure of each pair of periods, in the order of time, embeddings first."""
    columns = ", ".join(f'"{name}"' for name in TrafficFigure.__slots__)
    with database.read() as cursor:
        rows = cursor.rows(
            f"""SELECT {columns} FROM traffic
            LEFT JOIN (SELECT job_id, max(ingested_at) AS last FROM ingested_parts GROUP BY job_id)
            USING (job_id)
            WHERE dataset = ?
            QUALIFY row_number() OVER (
                PARTITION BY period, "before", "begin", features
                ORDER BY last DESC NULLS LAST, n DESC) = 1
            ORDER BY period, "begin", "before", features""",
            [dataset],
        )
    return [TrafficFigure(*row) for row in rows]
