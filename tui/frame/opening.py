"""Opening a workspace for the app, in the order in which its screens need things.

The labelling screen is supplied first, by modules that import neither polars nor the engine's:
those take as long to import as a million answers to be opened.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from store.database.owner import APP, RETRY_S, Ownership, describe_holder, is_here, read_holder
from store.errors import WorkspaceHeld

if TYPE_CHECKING:
    from store.database.connection import Database
    from tui.frame.session import Session
    from tui.services.configuration import Configuration
    from tui.services.learning import Learning
    from tui.services.settings import Settings

PATIENCE_S: Final = 5.0  # with a command that has the workspace


@dataclass(frozen=True, slots=True)
class OpenWorkspace:
    """A workspace whose database is open, for a screen to read it and to write to it."""

    path: Path
    settings: "Settings"
    database: "Database"
    learning: "Learning"


class Opening(Protocol):
    """Two steps, which are taken once each, in this order, in one thread."""

    def workspace(self) -> OpenWorkspace:
        """Open the database; that is all that the labelling screen needs."""

    def session(self) -> "Session":
        """What all other screens need."""


class WorkspaceOpening:
    """Opens the workspace of a configuration, to own it or to look on; `close` closes it.

    `ownership` is this process's; None where another process owns the workspace.
    """

    def __init__(self, configuration: "Configuration", ownership: Ownership | None) -> None:
        self._configuration = configuration
        self._ownership = ownership
        self._database: Database | None = None

    def workspace(self) -> OpenWorkspace:
        """Open the database; that is all that the labelling screen needs."""
        from store.database.connection import Database
        from tui.services.learning import Learning

        path, settings = self._configuration.path, self._configuration.settings
        self._database = Database(
            path, ownership=self._ownership, is_modest=True, looks_on=self._ownership is None
        )
        learning = Learning(self._database, settings.labelling)
        return OpenWorkspace(path, settings, self._database, learning)

    def session(self) -> "Session":
        """What all other screens need."""
        from tui.frame.session import Session
        from tui.services.workspace import Workspace

        assert self._database is not None
        return Session(Workspace.of(self._configuration), self._database)

    def close(self) -> None:
        """Close the database, if it was opened; the ownership stays with who took it."""
        if self._database is not None:
            self._database.close()


def claim(workspace: Path, may_look_on: Callable[[str], bool]) -> Ownership | None:
    """The ownership of a workspace for the app; None where it is to look on instead.

    `may_look_on` is asked, with a description of its owner, if an app has the workspace, or a
    command does so for long. Raises WorkspaceHeld if it is declined, or the owner serves nobody.
    """
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            return Ownership(workspace, APP, 0)
        except WorkspaceHeld:
            holder, is_late = read_holder(workspace), time.monotonic() >= deadline
            is_served = holder is not None and holder.socket is not None and is_here(holder)
            if is_served and (is_late or (holder and holder.role == APP)):
                if may_look_on(describe_holder(holder)):
                    return None
                raise
            if is_late:
                raise
            time.sleep(RETRY_S)
