"""BERTScore between answers, questions and seeds: which configuration is newest, and its rows."""

from typing import Final

import polars as pl

from store.database.connection import Database
from store.database.served import served
from store.drift_schema import COMPARISONS

UNLABELLED: Final = "unlabelled"

_FIELDS: Final = ", ".join(
    f"""{name}."precision" AS {name}_precision, {name}.recall AS {name}_recall,
        {name}.f1 AS {name}_f1, {name}_floor.f1 AS {name}_floor,
        {" OR ".join(f"{text}_cut" for text in name.split("_"))} AS {name}_cut"""
    for name in COMPARISONS
)
_SCORED: Final = f"""
SELECT l.dataset, coalesce(l.label, '{UNLABELLED}') AS seed_label,
       l.origin = 'predicted' AS is_predicted, {_FIELDS}
FROM drift JOIN sample_labels l USING (sample_id) WHERE config_hash = ?
"""


@served
def newest_config(database: Database) -> tuple[str, str] | None:
    """The (hash, JSON) of the configuration that was scored last; None if none was."""
    with database.read() as cursor:
        rows = cursor.rows(
            """SELECT config_hash, any_value(config) FROM drift
            LEFT JOIN (SELECT job_id, max(ingested_at) AS last FROM ingested_parts GROUP BY job_id)
            USING (job_id) GROUP BY config_hash ORDER BY max(last) DESC NULLS LAST LIMIT 1"""
        )
    return (rows[0][0], rows[0][1]) if rows else None


@served
def read_scores(database: Database, config_hash: str) -> pl.DataFrame:
    """The scores of one configuration, one row per answer, in no order.

    Columns are dataset, seed_label (UNLABELLED without one), is_predicted (of the seed label),
    and for each of COMPARISONS its _precision, _recall, _f1, _floor (the F1 of a shuffled pair)
    and _cut (a text was longer than the model reads); null where the comparison was not made.
    """
    with database.read() as cursor:
        return cursor.frame(_SCORED, [config_hash])


@served
def read_scores_by_job(database: Database, config_hash: str) -> pl.DataFrame:
    """The F1 of one configuration by the job that wrote the answers, in the order of time.

    A row for each job, and for each of its datasets: job_id, began (UTC, when its first answers
    came in; null if that is not known), dataset (null for all), and for each of COMPARISONS its _n,
    _mean and _deviation (of the sample).
    """
    figures = ", ".join(
        f"count({name}.f1) AS {name}_n, avg({name}.f1::DOUBLE) AS {name}_mean, "
        f"stddev_samp({name}.f1::DOUBLE) AS {name}_deviation"
        for name in COMPARISONS
    )
    with database.read() as cursor:
        return cursor.frame(
            f"""WITH jobs AS (
                SELECT job_id, min(ingested_at) AS began FROM ingested_parts GROUP BY job_id)
            SELECT a.job_id, any_value(began) AS began, dataset, {figures}
            FROM drift JOIN answers a USING (answer_id)
            JOIN samples ON samples.sample_id = drift.sample_id
            LEFT JOIN jobs ON jobs.job_id = a.job_id
            WHERE config_hash = ? GROUP BY GROUPING SETS ((a.job_id), (a.job_id, dataset))
            ORDER BY began NULLS FIRST, a.job_id, dataset NULLS FIRST""",
            [config_hash],
        )
