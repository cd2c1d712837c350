"""Splitting a cluster; what takes time can begin before the number of parts is known."""

from contextlib import ExitStack, closing

from engine.clustering.splitter import Splitter
from store.cluster_splits import read_placed_members, split
from store.database.connection import Database
from store.spaces import matrix_of


class PreparedSplit:
    """A cluster's vectors and a child process, ready before a number is typed."""

    def __init__(self, database: Database, cluster_id: str) -> None:
        self._database = database
        self._cluster_id = cluster_id
        with ExitStack() as open_yet:
            self._splitter = open_yet.enter_context(closing(Splitter()))
            members = read_placed_members(database, cluster_id)
            self._members = members.drop("vector")
            self._splitter.take(matrix_of(members["vector"]))
            self._open = open_yet.pop_all()

    def __enter__(self) -> "PreparedSplit":
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def split(self, parts: int, *, annotator: str, seed: int) -> list[str]:
        """Split the cluster; the ids of its parts, the largest first. May raise EngineError."""
        numbers, distances = self._splitter.split(parts, seed)
        members = self._members.with_columns(part=numbers, distance=distances)
        return split(self._database, annotator, self._cluster_id, members)
