"""The map of the clusters, for the labelling screen; imported without polars."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from store.database.connection import Database
    from tui.services.results.cluster_map import ClusterMap, MapReader


class Maps:
    """Maps of the active clusters of a database; kept from one time to the next."""

    def __init__(self, database: "Database") -> None:
        self._database = database
        self._reader: MapReader | None = None

    def read(self) -> "ClusterMap":
        """The map; computed again where the clusters are others than before."""
        from tui.services.results.cluster_map import MapReader  # here: numpy and polars come along

        if self._reader is None:
            self._reader = MapReader(self._database)
        return self._reader.read()
