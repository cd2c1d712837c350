"""Opening a workspace for the app, in the order in which its screens need things.

The labelling screen is supplied first, by modules that import neither polars nor the engine's:
those take as long to import as a million answers to be opened.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from store.database.owner import Ownership

if TYPE_CHECKING:
    from store.database.connection import Database
    from tui.frame.session import Session
    from tui.services.configuration import Configuration
    from tui.services.settings import Settings


@dataclass(frozen=True, slots=True)
class OpenWorkspace:
    """A workspace whose database is open, for a screen to read it and to write to it."""

    path: Path
    settings: "Settings"
    database: "Database"


class Opening(Protocol):
    """Two steps, which are taken once each, in this order, in one thread."""

    def workspace(self) -> OpenWorkspace:
        """Open the database; that is all that the labelling screen needs."""

    def session(self) -> "Session":
        """What all other screens need."""


class WorkspaceOpening:
    """Opens the workspace of a configuration, which this process owns; `close` closes it."""

    def __init__(self, configuration: "Configuration", ownership: Ownership) -> None:
        self._configuration = configuration
        self._ownership = ownership
        self._database: Database | None = None

    def workspace(self) -> OpenWorkspace:
        """Open the database; that is all that the labelling screen needs."""
        from store.database.connection import Database

        path, settings = self._configuration.path, self._configuration.settings
        self._database = Database(path, ownership=self._ownership, is_modest=True)
        return OpenWorkspace(path, settings, self._database)

    def session(self) -> "Session":
        """What all other screens need."""
        from tui.frame.session import Session
        from tui.services.workspace import Workspace

        assert self._database is not None
        return Session(Workspace.of(self._configuration), self._database)

    def close(self) -> None:
        """Close the database, if it was opened."""
        if self._database is not None:
            self._database.close()
