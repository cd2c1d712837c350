"""How answers as a whole differ from their seeds: which pairs to draw, and the figures."""

import polars as pl

from store.database.connection import Database
from store.database.served import served
from store.drift_schema import DISTRIBUTIONS


@served
def drawn_answers(database: Database, limit: int, seed: int) -> pl.Series:
    """Ids of answers without an error: one of each seed, at most `limit` of each dataset.

    What production wrote has no seed, and is left out.

    Drawn by hash, so that a larger limit with the same seed holds the smaller one.
    """
    with database.read() as cursor:
        return cursor.frame(
            f"""WITH lots AS (
                SELECT answer_id, sample_id, sha256(concat(?, answer_id)) AS lot
                FROM answers JOIN queries USING (query_id) WHERE answers.error IS NULL
                  AND answer_id NOT IN (SELECT answer_id FROM observed_answers)),
            firsts AS (
                SELECT sample_id, arg_min(answer_id, lot) AS answer_id, min(lot) AS lot
                FROM lots GROUP BY sample_id)
            SELECT answer_id FROM firsts JOIN samples USING (sample_id)
            QUALIFY row_number() OVER (PARTITION BY dataset ORDER BY lot) <= {limit:d}
            ORDER BY answer_id""",
            [f"{seed}:"],
        )["answer_id"].cast(pl.String)


@served
def newest_distributions(database: Database) -> pl.DataFrame:
    """The rows of the job that measured last: all first, as they are first (DISTRIBUTIONS)."""
    columns = ", ".join(DISTRIBUTIONS)
    with database.read() as cursor:
        return cursor.frame(
            f"""SELECT {columns} FROM distributions
            LEFT JOIN (SELECT job_id, max(ingested_at) AS last FROM ingested_parts GROUP BY job_id)
            USING (job_id)
            QUALIFY job_id = first_value(job_id) OVER (ORDER BY last DESC NULLS LAST, job_id DESC)
            ORDER BY dataset NULLS FIRST, matched"""
        ).cast(DISTRIBUTIONS)
