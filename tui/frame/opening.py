"""Opening a workspace for the app, in the order in which its screens need things.

The labelling screen is supplied first, by modules that import neither polars nor the engine's:
those take as long to import as a million answers to be opened.
"""

from typing import TYPE_CHECKING, Protocol

from store.database.owner import Ownership

if TYPE_CHECKING:
    from store.database.connection import Database
    from tui.frame.session import Session
    from tui.screens.label.desk import LabelDesk
    from tui.services.configuration import Configuration


class Opening(Protocol):
    """Two steps, which are taken once each, in this order, in one thread."""

    def desk(self) -> "LabelDesk":
        """Open the database, and return what the labelling screen needs."""

    def session(self) -> "Session":
        """Return what all other screens need."""


class WorkspaceOpening:
    """Opens the workspace of a configuration, which this process owns; `close` closes it."""

    def __init__(self, configuration: "Configuration", ownership: Ownership) -> None:
        self._configuration = configuration
        self._ownership = ownership
        self._database: Database | None = None

    def desk(self) -> "LabelDesk":
        """Open the database, and return what the labelling screen needs."""
        from store.database.connection import Database
        from tui.screens.label.desk import LabelDesk

        path, settings = self._configuration.path, self._configuration.settings
        self._database = Database(path, ownership=self._ownership, is_modest=True)
        return LabelDesk(path, settings, self._database)

    def session(self) -> "Session":
        """Return what all other screens need."""
        from tui.frame.session import Session
        from tui.services.workspace import Workspace

        assert self._database is not None
        return Session(Workspace.of(self._configuration), self._database)

    def close(self) -> None:
        """Close the database, if it was opened."""
        if self._database is not None:
            self._database.close()
