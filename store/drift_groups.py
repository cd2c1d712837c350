"""Drift figures: BERTScore between answers, queries and seeds, by dataset and by seed label."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from store.database.connection import Database
from store.schema import COMPARISONS

QUANTILES: Final = (0.05, 0.25, 0.75, 0.95)
UNLABELLED: Final = "unlabelled"


@dataclass(frozen=True, slots=True)
class Scores:
    """One comparison over a group: means of precision, recall and F1, and how F1 is spread.

    `interval` is the 95 % confidence interval of the mean F1 by Student's t, None below two
    answers. `quantiles` are those of QUANTILES, linear between values. `floor_f1` is the mean F1
    of shuffled pairs of the same answers, and `rescaled_f1` places the mean between it (0) and
    equal texts (1). `cut` counts the answers of which a text was longer than the model reads.
    """

    n: int
    precision: float
    recall: float
    f1: float
    interval: tuple[float, float] | None
    median: float
    quantiles: tuple[float, ...]
    floor_f1: float | None
    rescaled_f1: float | None
    cut: int


@dataclass(frozen=True, slots=True)
class DriftGroup:
    """A group's scores by comparison; `dataset` or `seed_label` None means all.

    `predicted` counts answers whose seed label was predicted, not given. A comparison that was
    never made is left out.
    """

    dataset: str | None
    seed_label: str | None
    predicted: int
    scores: dict[str, Scores]


_FIELDS: Final = ", ".join(
    f"""{name}."precision" AS {name}_precision, {name}.recall AS {name}_recall,
        {name}.f1 AS {name}_f1, {name}_floor.f1 AS {name}_floor,
        {" OR ".join(f"{text}_cut" for text in name.split("_"))} AS {name}_cut"""
    for name in COMPARISONS
)
_SCORED: Final = f"""
SELECT l.dataset, coalesce(l.label, '{UNLABELLED}') AS seed_label,
       l.origin = 'predicted' AS guessed, {_FIELDS}
FROM drift JOIN sample_labels l USING (sample_id) WHERE config_hash = ?
"""


def newest_config(database: Database) -> tuple[str, str] | None:
    """Return (hash, JSON) of the configuration that was scored last; None if none was."""
    with database.read() as cursor:
        rows = cursor.rows(
            """SELECT config_hash, any_value(config) FROM drift
            LEFT JOIN (SELECT job_id, max(ingested_at) AS last FROM ingested_parts GROUP BY job_id)
            USING (job_id) GROUP BY config_hash ORDER BY max(last) DESC NULLS LAST LIMIT 1"""
        )
    return (rows[0][0], rows[0][1]) if rows else None


def drift_groups(database: Database, config_hash: str) -> list[DriftGroup]:
    """Return the figures of one configuration: all, by dataset, by label, by both."""
    with database.read() as cursor:
        rows = cursor.frame(_SCORED, [config_hash])
    groupings: tuple[list[str], ...] = ([], ["dataset"], ["seed_label"], ["dataset", "seed_label"])
    found = [group for keys in groupings for group in _aggregate(rows, keys)]
    found.sort(key=lambda group: (group.dataset or "", group.seed_label or ""))
    return found


def _aggregate(rows: pl.DataFrame, keys: Sequence[str]) -> list[DriftGroup]:
    wanted = [pl.col("guessed").sum(), *(item for name in COMPARISONS for item in _columns(name))]
    groups = rows.group_by(keys).agg(wanted) if keys else rows.select(wanted)
    return [
        DriftGroup(
            group.get("dataset"),
            group.get("seed_label"),
            group["guessed"] or 0,
            {name: _scores(name, group) for name in COMPARISONS if group[f"{name}_n"]},
        )
        for group in groups.to_dicts()
        if any(group[f"{name}_n"] for name in COMPARISONS)
    ]


def _columns(name: str) -> list[pl.Expr]:
    """Return the aggregates of one comparison; in double precision, over a million floats."""
    f1 = pl.col(f"{name}_f1").cast(pl.Float64)
    return [
        f1.count().alias(f"{name}_n"),
        *(pl.col(f"{name}_{part}").cast(pl.Float64).mean() for part in ("precision", "recall")),
        f1.mean(),
        f1.std().alias(f"{name}_deviation"),
        f1.median().alias(f"{name}_median"),
        *(f1.quantile(q, "linear").alias(f"{name}_q{q}") for q in QUANTILES),
        pl.col(f"{name}_floor").cast(pl.Float64).mean(),
        (pl.col(f"{name}_cut") & f1.is_not_null()).sum(),
    ]


def _scores(name: str, group: dict[str, Any]) -> Scores:
    n, f1, floor = group[f"{name}_n"], group[f"{name}_f1"], group[f"{name}_floor"]
    return Scores(
        n=n,
        precision=group[f"{name}_precision"],
        recall=group[f"{name}_recall"],
        f1=f1,
        interval=mean_interval(f1, group[f"{name}_deviation"], n),
        median=group[f"{name}_median"],
        quantiles=tuple(group[f"{name}_q{q}"] for q in QUANTILES),
        floor_f1=floor,
        rescaled_f1=None if floor is None or floor == 1 else (f1 - floor) / (1 - floor),
        cut=group[f"{name}_cut"],
    )


def mean_interval(mean: float, deviation: float | None, n: int) -> tuple[float, float] | None:
    """Return the 95 % confidence interval of a mean by Student's t.

    `deviation` is the sample standard deviation; below two values there is no interval.
    """
    if deviation is None or n < 2:
        return None
    from scipy.stats import t

    half = float(t.ppf(0.975, n - 1)) * deviation / n**0.5
    return mean - half, mean + half
