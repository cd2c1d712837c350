"""All figures of drift: scores, labels, ways of asking, distributions, and production."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from store.database.connection import Database
from tui.services.results.distribution import Distribution, read_distributions
from tui.services.results.drift_over_time import JobDrift, read_over_time
from tui.services.results.drift_scores import GroupScores, read_drift_scores
from tui.services.results.label_flow import ClusterSizes, DatasetFlow, read_label_flow
from tui.services.results.production import ProductionTest, read_production_tests
from tui.services.results.ways import PairedWays, Way, Ways, compare_ways


@dataclass(frozen=True, slots=True)
class Drift:
    """How far answers are from their seeds, by the configuration that was scored last."""

    config_hash: str | None
    config: Mapping[str, Any] | None
    groups: tuple[GroupScores, ...]
    flow: tuple[DatasetFlow, ...]
    cluster_sizes: tuple[ClusterSizes, ...]
    ways: tuple[Way, ...]
    paired: tuple[PairedWays, ...]
    production: tuple[ProductionTest, ...]
    distributions: tuple[Distribution, ...]
    over_time: tuple[JobDrift, ...]


def read_drift(database: Database) -> Drift:
    """All figures of drift; those that need scores are empty without any."""
    scores = read_drift_scores(database)
    labels = read_label_flow(database)
    ways = compare_ways(database, scores.config_hash) if scores.config_hash else Ways()
    return Drift(
        config_hash=scores.config_hash,
        config=scores.config,
        groups=scores.groups,
        flow=labels.flow,
        cluster_sizes=labels.cluster_sizes,
        ways=ways.ways,
        paired=ways.paired,
        production=read_production_tests(database),
        distributions=read_distributions(database),
        over_time=read_over_time(database, scores.config_hash) if scores.config_hash else (),
    )
