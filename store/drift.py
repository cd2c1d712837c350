"""Drift figures: BERTScore of answers against their seeds, by dataset and by seed label."""

from dataclasses import dataclass
from typing import Final

from store.database import Database


@dataclass(frozen=True, slots=True)
class DriftGroup:
    """Mean scores of a group; `dataset` or `seed_label` None means all.

    `interval` is the 95 % confidence interval of the mean F1 by Student's t, None below two
    answers. `floor_f1` is the mean F1 of shuffled pairs of the same answers; `cut` counts
    answers where a text was longer than the model reads. `predicted` counts answers whose seed
    label was predicted, not given.
    """

    dataset: str | None
    seed_label: str | None
    n: int
    precision: float
    recall: float
    f1: float
    interval: tuple[float, float] | None
    floor_f1: float | None
    cut: int
    predicted: int


_GROUPS: Final = """
WITH scored AS (
    SELECT s.dataset, coalesce(l.label, 'unlabelled') AS seed_label,
           l.origin = 'predicted' AS predicted, d.*
    FROM drift d
    JOIN answers a USING (answer_id) JOIN queries q USING (query_id)
    JOIN samples s USING (sample_id) JOIN sample_labels l USING (sample_id)
    WHERE d.config_hash = ?)
SELECT dataset, seed_label,
       count(*) FILTER (kind = 'pair'),
       avg(precision) FILTER (kind = 'pair'), avg(recall) FILTER (kind = 'pair'),
       avg(f1) FILTER (kind = 'pair'), stddev_samp(f1) FILTER (kind = 'pair'),
       avg(f1) FILTER (kind = 'floor'),
       count(*) FILTER (kind = 'pair' AND cut),
       count(*) FILTER (kind = 'pair' AND predicted)
FROM scored
GROUP BY GROUPING SETS ((), (dataset), (seed_label), (dataset, seed_label))
HAVING count(*) FILTER (kind = 'pair') > 0
ORDER BY dataset NULLS FIRST, seed_label NULLS FIRST
"""


def newest_config(database: Database) -> tuple[str, str] | None:
    """Return (hash, JSON) of the configuration that was scored last; None if none was."""
    with database.read() as cursor:
        rows = cursor.rows(
            """SELECT config_hash, config FROM drift d
            JOIN (SELECT job_id, max(ingested_at) AS last FROM ingested_parts GROUP BY job_id)
            USING (job_id) ORDER BY last DESC LIMIT 1"""
        )
    return (rows[0][0], rows[0][1]) if rows else None


def drift_groups(database: Database, config_hash: str) -> list[DriftGroup]:
    """Return the figures of one configuration: all, by dataset, by label, by both."""
    with database.read() as cursor:
        rows = cursor.rows(_GROUPS, [config_hash])
    return [
        DriftGroup(
            dataset, label, n, precision, recall, f1, mean_interval(f1, deviation, n), floor,
            cut, predicted,
        )
        for dataset, label, n, precision, recall, f1, deviation, floor, cut, predicted in rows
    ]  # fmt: skip


def mean_interval(mean: float, deviation: float | None, n: int) -> tuple[float, float] | None:
    """Return the 95 % confidence interval of a mean by Student's t.

    `deviation` is the sample standard deviation; below two values there is no interval.
    """
    if deviation is None or n < 2:
        return None
    from scipy.stats import t

    half = float(t.ppf(0.975, n - 1)) * deviation / n**0.5
    return mean - half, mean + half
