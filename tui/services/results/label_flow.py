"""What became of the seeds' labels: answers by the label of their seed and by their own."""

import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.statistics.estimate import Estimate
from engine.statistics.measures import wilson
from store.database.connection import Database
from store.ways import read_cluster_sizes, read_flow


@dataclass(frozen=True, slots=True)
class LabelShare:
    """Answers with a label, and their share of all that have one, with Wilson's interval."""

    n: int
    share: Estimate | None


@dataclass(frozen=True, slots=True)
class SeedLabelFlow:
    """The answers of a seed label: `n` with a label, `to` which.

    `stays` is the share that have their seed's label, with Wilson's interval.
    """

    n: int
    to: Mapping[str, int]
    stays: Estimate | None


@dataclass(frozen=True, slots=True)
class DatasetFlow:
    """What became of the labels of a dataset, None for all: `n` answers have one, `left` none."""

    dataset: str | None
    n: int
    left: int
    labels: Mapping[str, LabelShare]
    from_: Mapping[str, SeedLabelFlow]


@dataclass(frozen=True, slots=True)
class ClusterSizes:
    """The active clusters of a dataset, None if all were clustered together.

    `deviation` is the sample standard deviation of their sizes, None for one cluster.
    """

    dataset: str | None
    clusters: int
    mean_size: float
    deviation: float | None


@dataclass(frozen=True, slots=True)
class LabelFlow:
    """What became of labels, over all datasets first, and the sizes of the clusters."""

    flow: tuple[DatasetFlow, ...]
    cluster_sizes: tuple[ClusterSizes, ...]


SeedToLabel = tuple[str, str, str | None, int]  # dataset, seed label, label, answers


def read_label_flow(database: Database) -> LabelFlow:
    """What became of labels; empty where no seed was answered."""
    rows = read_flow(database)
    datasets: list[str | None] = [None, *sorted({row[0] for row in rows})]
    return LabelFlow(
        tuple(
            _of_dataset(dataset, [row for row in rows if dataset in (None, row[0])])
            for dataset in datasets
            if rows
        ),
        tuple(_measure_sizes(read_cluster_sizes(database))),
    )


def _of_dataset(dataset: str | None, rows: Sequence[SeedToLabel]) -> DatasetFlow:
    labelled = [(seed, label, n) for _, seed, label, n in rows if label is not None]
    totals: Counter[str] = Counter()
    for _, label, n in labelled:
        totals[label] += n
    return DatasetFlow(
        dataset=dataset,
        n=totals.total(),
        left=sum(n for *_, label, n in rows if label is None),
        labels={
            label: LabelShare(n, wilson(n, totals.total())) for label, n in sorted(totals.items())
        },
        from_={seed: _from_seed_label(seed, labelled) for seed in sorted({row[1] for row in rows})},
    )


def _from_seed_label(seed_label: str, labelled: Sequence[tuple[str, str, int]]) -> SeedLabelFlow:
    counts: Counter[str] = Counter()
    for seed, label, n in labelled:
        if seed == seed_label:
            counts[label] += n
    n = counts.total()
    return SeedLabelFlow(n, dict(sorted(counts.items())), wilson(counts[seed_label], n))


def _measure_sizes(sizes: Sequence[tuple[str | None, int]]) -> list[ClusterSizes]:
    found = []
    for dataset in sorted({name for name, _ in sizes}, key=lambda name: name or ""):
        own = [size for name, size in sizes if name == dataset]
        deviation = statistics.stdev(own) if len(own) > 1 else None
        found.append(ClusterSizes(dataset, len(own), statistics.mean(own), deviation))
    return found
