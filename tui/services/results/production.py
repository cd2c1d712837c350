"""How well seeds and answers differ from production, by a classifier two-sample test."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.statistics.estimate import Estimate
from store.database.connection import Database
from store.two_sample import TwoSampleFigure, newest_two_sample


@dataclass(frozen=True, slots=True)
class ProductionTest:
    """How well `features` distinguish texts from production: 0.5 is not at all, 1 always.

    `auc` is None if there were too few `groups`. `matched` says that lengths were.
    """

    compared: str
    features: str
    matched: bool
    n_compared: int
    n_production: int
    groups: int
    auc: Estimate | None
    config: Mapping[str, Any]
    rows_digest: str
    job_id: str

    @property
    def cut_tokens(self) -> int | None:
        """The length that texts were cut to where lengths were matched, else None."""
        return self.config["cut_tokens"] if self.matched else None


def read_production_tests(database: Database) -> tuple[ProductionTest, ...]:
    """The newest test of each kind: seeds first, embeddings first, unmatched first."""
    return tuple(_read_test(row) for row in newest_two_sample(database))


def _read_test(row: TwoSampleFigure) -> ProductionTest:
    return ProductionTest(
        compared=row.compared,
        features=row.features,
        matched=row.matched,
        n_compared=row.n_compared,
        n_production=row.n_production,
        groups=row.groups,
        auc=_estimate(row),
        config=json.loads(row.config),
        rows_digest=row.rows_digest,
        job_id=row.job_id,
    )


def _estimate(row: TwoSampleFigure) -> Estimate | None:
    if row.auc is None or row.low is None or row.high is None:
        return None
    return Estimate(row.auc, (row.low, row.high), row.n_compared + row.n_production)
