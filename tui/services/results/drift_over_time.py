"""Drift by the jobs that wrote the answers, in the order of time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.statistics.estimate import Estimate
from engine.statistics.means import estimate_mean
from store.database.connection import Database
from store.drift_scores import read_scores_by_job


@dataclass(frozen=True, slots=True)
class JobDrift:
    """The mean F1 of the answers that a job wrote, with its interval by Student's t.

    `dataset` None means all. `began_at` is when its first answers came in, in UTC; `answers` were
    compared with their seeds. A comparison that was not made is None.
    """

    job_id: str
    began_at: datetime | None
    dataset: str | None
    answers: int
    answer_seed: Estimate | None
    query_seed: Estimate | None
    answer_query: Estimate | None

    def compared(self, comparison: str) -> Estimate | None:
        """The mean of one of COMPARISONS."""
        found: Estimate | None = getattr(self, comparison)
        return found


def read_over_time(database: Database, config_hash: str) -> tuple[JobDrift, ...]:
    """The drift of each job, of all its answers first, then by dataset; the oldest job first."""
    rows = read_scores_by_job(database, config_hash).to_dicts()
    return tuple(
        JobDrift(
            job_id=row["job_id"],
            began_at=row["began"],
            dataset=row["dataset"],
            answers=row["answer_seed_n"],
            answer_seed=_mean(row, "answer_seed"),
            query_seed=_mean(row, "query_seed"),
            answer_query=_mean(row, "answer_query"),
        )
        for row in rows
    )


def _mean(row: Mapping[str, Any], name: str) -> Estimate | None:
    n = row[f"{name}_n"]
    return estimate_mean(row[f"{name}_mean"], row[f"{name}_deviation"], n) if n else None
