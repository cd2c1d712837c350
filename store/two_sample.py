"""How near seeds and answers are to production: the texts to compare with, and the figures."""

from dataclasses import dataclass

import polars as pl

from store.database.connection import Database
from store.database.served import served
from store.schema import SAMPLES


@dataclass(frozen=True, slots=True)
class TwoSampleFigure:
    """One figure as its table holds it; `auc` and its interval None if there were too few."""

    compared: str
    features: str
    matched: bool
    n_compared: int
    n_production: int
    groups: int
    auc: float | None
    low: float | None
    high: float | None
    config: str
    rows_digest: str
    job_id: str


@served
def production_samples(database: Database) -> pl.DataFrame:
    """The samples of all datasets with the role production (schema SAMPLES)."""
    with database.read() as cursor:
        return cursor.frame(
            """SELECT sample_id, dataset, text, label, context FROM samples
            WHERE dataset IN (SELECT dataset FROM dataset_roles WHERE role = 'production')
            ORDER BY sample_id"""
        ).cast(SAMPLES)


@served
def newest_two_sample(database: Database) -> list[TwoSampleFigure]:
    """The newest figure of each kind: seeds first, embeddings first, unmatched first."""
    columns = ", ".join(TwoSampleFigure.__slots__)
    with database.read() as cursor:
        rows = cursor.rows(
            f"""SELECT {columns} FROM two_sample
            LEFT JOIN (SELECT job_id, max(ingested_at) AS last FROM ingested_parts GROUP BY job_id)
            USING (job_id)
            QUALIFY row_number() OVER (
                PARTITION BY compared, features, matched ORDER BY last DESC NULLS LAST) = 1
            ORDER BY compared DESC, features, matched"""
        )
    return [TwoSampleFigure(*row) for row in rows]
