"""What a shell offers for the names in a workspace: datasets, detectors, recipes, labels, jobs.

A shell asks while a command is being typed, so whatever is wrong with a workspace offers nothing.
"""

import contextlib
from collections.abc import Callable, Iterable
from pathlib import Path

import typer

from store.datasets import list_datasets
from store.detectors import list_detectors
from store.errors import StoreError
from tui.services.errors import ServiceError
from tui.services.workspace import Workspace

Complete = Callable[[typer.Context, str], list[str]]


def _offering(read: Callable[[Workspace], Iterable[str]]) -> Complete:
    def complete(context: typer.Context, incomplete: str) -> list[str]:
        with contextlib.suppress(ServiceError, StoreError, OSError):
            names = read(Workspace.open(_folder(context)))
            return sorted({name for name in names if name.startswith(incomplete)})
        return []

    return complete


def _folder(context: typer.Context) -> Path:
    """The workspace that the words before this one name."""
    folder = context.find_root().params.get("workspace")
    return folder if isinstance(folder, Path) else Path()


def _read_datasets(workspace: Workspace) -> list[str]:
    with workspace.database() as database:
        return [item.dataset for item in list_datasets(database)]


def _read_detectors(workspace: Workspace) -> list[str]:
    with workspace.database() as database:
        return [item.name for item in list_detectors(database)]


def _read_recipes(workspace: Workspace) -> list[str]:
    return [path.stem for path in (workspace.path / "recipes").glob("*.toml")]


def _read_jobs(workspace: Workspace) -> list[str]:
    return [view.job.job_id for view in workspace.jobs().views]


complete_datasets = _offering(_read_datasets)
complete_detectors = _offering(_read_detectors)
complete_recipes = _offering(_read_recipes)
complete_labels = _offering(lambda workspace: workspace.task.labels)
complete_jobs = _offering(_read_jobs)
