"""How answers as a whole differ from their seeds: what a figure of single pairs cannot say."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.statistics.estimate import Estimate
from store.database.connection import Database
from store.distributions import newest_distributions
from store.drift_schema import COMPARED


@dataclass(frozen=True, slots=True)
class SetFigures:
    """Of the seeds or the answers: shares from 0 to 1, None where there are too few.

    `distinct_2` is of pairs of neighbouring words, those that differ; `near_duplicates` of texts,
    those with a near copy among the others; `empty_clusters` of clusters made from one half of
    the seeds, those without one of the other half, or without an answer to one.
    """

    distinct_2: Estimate | None
    near_duplicates: Estimate | None
    empty_clusters: Estimate | None


@dataclass(frozen=True, slots=True)
class Distribution:
    """How the answers of `pairs` that were drawn differ from their seeds.

    `dataset` None means all. `matched` says that the texts of each pair were cut to the words of
    the shorter one. `mmd2` is 0 on average for sets that are distributed alike, and `mmd2_p` the
    p of a permutation test of that. `clusters` are of seeds.
    """

    dataset: str | None
    matched: bool
    pairs: int
    mmd2: Estimate | None
    mmd2_p: float | None
    clusters: int | None
    seeds: SetFigures
    answers: SetFigures
    config: Mapping[str, Any]
    rows_digest: str
    job_id: str


def read_distributions(database: Database) -> tuple[Distribution, ...]:
    """The figures that were measured last: of all first, of texts as they are first."""
    return tuple(_read(row) for row in newest_distributions(database).to_dicts())


def _read(row: Mapping[str, Any]) -> Distribution:
    pairs, clusters = row["pairs"], row["clusters"]
    seeds, answers = (
        SetFigures(
            distinct_2=_estimate(row[f"{side}_distinct_2"], pairs),
            near_duplicates=_estimate(row[f"{side}_near_duplicates"], pairs),
            empty_clusters=_estimate(row[f"{side}_empty_clusters"], clusters),
        )
        for side in COMPARED
    )
    return Distribution(
        dataset=row["dataset"],
        matched=row["matched"],
        pairs=pairs,
        mmd2=_estimate(row["mmd2"], pairs),
        mmd2_p=row["mmd2_p"],
        clusters=clusters,
        seeds=seeds,
        answers=answers,
        config=json.loads(row["config"]),
        rows_digest=row["rows_digest"],
        job_id=row["job_id"],
    )


def _estimate(found: Mapping[str, float] | None, n: int) -> Estimate | None:
    """The estimate of a column; null comes as None, or as a struct of nulls."""
    if found is None or found["value"] is None:
        return None
    return Estimate(found["value"], (found["low"], found["high"]), n)
