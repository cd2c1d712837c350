"""Where rows that an import refused are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from store.database.connection import Database
from store.reading.logs.batches import Reject
from store.reading.rejects import REJECTS, append_rejects
from tui.services.workspace import Workspace


def rejects_path(workspace: Workspace, database: Database, dataset: str) -> Path:
    """A file for the rejected rows of an import that begins now, which is not there yet."""
    stem = f"rejected-{dataset}-{database.now():%Y%m%d-%H%M%S}"
    folder, number = workspace.path / "exports", 1
    folder.mkdir(exist_ok=True)
    path = folder / f"{stem}.csv"
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}.csv"
    return path


@dataclass(slots=True)
class RejectsFile:
    """The rejected rows of logs that are imported at once; there is no file before the first."""

    workspace: Workspace
    dataset: str
    path: Path | None = None

    def keep(self, database: Database, rejects: Sequence[Reject]) -> None:
        """Add rows to the file."""
        if rejects:
            self.path = self.path or rejects_path(self.workspace, database, self.dataset)
            append_rejects(self.path, pl.DataFrame(rejects, REJECTS, orient="row"))
