"""Whether answers reach all kinds of seeds: the clusters of seeds in which none lies."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.clustering.kmeans import cluster_embeddings
from engine.statistics.estimate import Estimate
from engine.statistics.measures import wilson

MOST_CLUSTERS: Final = 20
SEEDS_EACH: Final = 5  # in a cluster, on average; fewer would leave some empty by chance


@dataclass(frozen=True, slots=True)
class Coverage:
    """Shares of `clusters` of seeds without any of the other seeds, and without an answer.

    The first is what chance alone leaves empty. Intervals are Wilson's over the clusters.
    """

    clusters: int
    seeds: Estimate
    answers: Estimate


def measure_coverage(
    seeds: NDArray[np.float32], answers: NDArray[np.float32], seed: int
) -> Coverage | None:
    """k-means over one half of the seeds, against the other half and its answers.

    Both are [pairs, width], row by row; the halves are drawn by `seed`. A row is in the cluster
    of the nearest centre. None for fewer seeds than two clusters need.
    """
    order = np.random.default_rng(seed).permutation(len(seeds))
    learned, held = np.sort(order[: len(order) // 2]), np.sort(order[len(order) // 2 :])
    clusters = min(MOST_CLUSTERS, len(learned) // SEEDS_EACH)
    if clusters < 2:
        return None
    labels, _ = cluster_embeddings(seeds[learned], clusters, seed)
    names = np.unique(labels)  # fewer where seeds are equal
    centres = np.stack([seeds[learned][labels == name].mean(axis=0) for name in names])
    shares = [wilson(_count_empty(centres, rows[held]), len(names)) for rows in (seeds, answers)]
    assert shares[0] is not None
    assert shares[1] is not None
    return Coverage(len(names), shares[0], shares[1])


def _count_empty(centres: NDArray[np.float32], rows: NDArray[np.float32]) -> int:
    lengths = (centres**2).sum(axis=1)
    nearest = (lengths - 2 * (rows @ centres.T)).argmin(axis=1)
    return len(centres) - len(np.unique(nearest))
