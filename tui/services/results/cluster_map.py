"""The map of the clusters: where answers lie on the plane that shows most of their differences."""

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from engine.statistics.projection import Plane, fit_plane
from store.clusters import Cluster, list_clusters
from store.database.connection import Database
from store.map_rows import count_overrides, map_stamp, read_map_rows
from store.spaces import matrix_of

ANSWERS_DRAWN: Final = 8_000  # more dots would only run together
UNMIXED: Final = 0.8  # share of the commonest seed label from which on a cluster counts as pure


@dataclass(frozen=True, slots=True)
class MappedCluster:
    """A cluster on the map. Its place is that of its representative.

    `seed_labels` counts members by the label of their seed, `overrides` those with a label of
    their own.
    """

    cluster_id: str
    predicted_label: str
    size: int
    seed_labels: Mapping[str, int]
    overrides: int
    representative: str

    @property
    def is_mixed(self) -> bool:
        """Whether its seeds had several labels, the commonest below UNMIXED, or members differ."""
        known = sum(self.seed_labels.values())
        return bool(self.overrides) or max(self.seed_labels.values(), default=0) < UNMIXED * known


@dataclass(frozen=True, slots=True)
class MapPlane:
    """One plane: of all answers, or of those with one predicted label.

    `points` and `clusters` are places in the map's own; `xs` and `ys` are where the points lie,
    `spots` where the clusters do. `shares` of the variance go from 0 to 1.
    """

    predicted_label: str | None
    shares: tuple[float, float]
    points: "array[int]"
    xs: "array[float]"
    ys: "array[float]"
    clusters: tuple[int, ...]
    spots: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class ClusterMap:
    """Clusters, largest first, and answers as points.

    `cluster_of`, `seed_labels`, `datasets` and `answer_ids` have a value for each point. Points
    are a sample of `answers` where those are many. `elsewhere` counts clusters that were made in
    another space: they cannot be compared with these. Planes begin with that of all.
    """

    clusters: tuple[MappedCluster, ...]
    answers: int
    elsewhere: int
    answer_ids: tuple[str, ...]
    cluster_of: "array[int]"
    seed_labels: tuple[str | None, ...]
    datasets: tuple[str | None, ...]
    planes: tuple[MapPlane, ...]


class MapReader:
    """Reads the map, and computes it again only where the clusters are others than before.

    It is kept in memory, not in the workspace. Methods block; one thread at a time may call.
    """

    def __init__(self, database: Database, limit: int = ANSWERS_DRAWN) -> None:
        self._database = database
        self._limit = limit
        self._stamp = ""
        self._map: ClusterMap | None = None

    def read(self) -> ClusterMap:
        """The map of the active clusters; without planes if no answer has a vector.

        Reads about `limit` vectors, whatever the number of answers. Nothing in it is random.
        """
        stamp = map_stamp(self._database)
        if self._map is None or stamp != self._stamp:
            self._stamp, self._map = stamp, _read_map(self._database, self._limit)
        overrides = count_overrides(self._database)
        clusters = tuple(
            replace(cluster, overrides=overrides.get(cluster.cluster_id, 0))
            for cluster in self._map.clusters
        )
        self._map = replace(self._map, clusters=clusters)
        return self._map


def _read_map(database: Database, limit: int) -> ClusterMap:
    rows = read_map_rows(database, limit)
    frame = rows.frame.sort("answer_id")
    mapped = set(frame["cluster_id"])
    known = list_clusters(database)
    clusters = [cluster for cluster in known if cluster.cluster_id in mapped]
    numbers = {cluster.cluster_id: number for number, cluster in enumerate(clusters)}
    cluster_of = array("l", (numbers[name] for name in frame["cluster_id"]))
    return ClusterMap(
        clusters=tuple(_mapped(cluster) for cluster in clusters),
        answers=rows.answers,
        elsewhere=len(known) - len(clusters),
        answer_ids=tuple(frame["answer_id"]),
        cluster_of=cluster_of,
        seed_labels=tuple(frame["seed_label"]),
        datasets=tuple(frame["seed_dataset"]),
        planes=tuple(_planes(frame, clusters, np.asarray(cluster_of))) if mapped else (),
    )


def _mapped(cluster: Cluster) -> MappedCluster:
    return MappedCluster(
        cluster_id=cluster.cluster_id,
        predicted_label=cluster.predicted_label,
        size=cluster.size,
        seed_labels=cluster.seed_labels,
        overrides=0,
        representative=cluster.representative,
    )


def _planes(
    frame: pl.DataFrame, clusters: list[Cluster], cluster_of: NDArray[np.int_]
) -> list[MapPlane]:
    vectors = matrix_of(frame["vector"])
    heads = np.flatnonzero(frame["is_representative"].to_numpy())
    labels = np.array([clusters[number].predicted_label for number in cluster_of])
    names: list[str | None] = [None, *dict.fromkeys(item.predicted_label for item in clusters)]
    planes = []
    for name in names if len(names) > 2 else names[:1]:
        points = np.flatnonzero((labels == name) | (name is None))
        with threadpool_limits(limits=1):  # on a busy machine more took twenty times as long
            plane = fit_plane(vectors[points])
        own = [int(head) for head in heads if name is None or labels[head] == name]
        planes.append(_plane(name, plane, vectors, points, own, cluster_of))
    return planes


def _plane(
    name: str | None,
    plane: Plane,
    vectors: NDArray[np.float32],
    points: NDArray[np.int_],
    heads: list[int],
    cluster_of: NDArray[np.int_],
) -> MapPlane:
    places, spots = plane.place(vectors[points]), plane.place(vectors[heads])
    return MapPlane(
        predicted_label=name,
        shares=plane.shares,
        points=array("l", points.tolist()),
        xs=array("d", places[:, 0].tolist()),
        ys=array("d", places[:, 1].tolist()),
        clusters=tuple(int(cluster_of[head]) for head in heads),
        spots=tuple((float(x), float(y)) for x, y in spots),
    )
