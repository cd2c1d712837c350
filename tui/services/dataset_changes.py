"""Changes of datasets, by the same rules for commands and the app; none while a job runs.

Each gives sentences on what was changed, and on recipes that name what is not there any more. All
raise UnknownName, ImportRefused, JobUnfinished, and DatasetInUse if not `with_answers`.
"""

import re
from collections.abc import Mapping, Sequence

from engine.jobs.settings import NAME_PATTERN, NAME_RULE
from store.counting import counted
from store.database.connection import Database
from store.labels import relabel_dataset
from store.reading.options import Role
from store.removal import remove_dataset
from store.renaming import rename_dataset
from store.roles import set_roles
from tui.services.errors import NameUnfit
from tui.services.workspace import Workspace


def remove(
    workspace: Workspace, database: Database, dataset: str, *, with_answers: bool
) -> list[str]:
    """Remove a dataset with all that was made from its rows."""
    workspace.require_no_running_job()
    removed = remove_dataset(database, dataset, with_answers=with_answers)
    lines = [f"Removed {dataset}: {counted(removed.samples, 'row')}."]
    if removed.queries:
        lines.append(
            f"With them went {counted(removed.queries, 'question')}, "
            f"{counted(removed.answers, 'answer')} and {counted(removed.decisions, 'decision')}."
        )
    return [*lines, *_recipes_naming(workspace, dataset)]


def rename(
    workspace: Workspace, database: Database, dataset: str, name: str, *, with_answers: bool
) -> list[str]:
    """Give a dataset another name; all that hangs on it stays."""
    workspace.require_no_running_job()
    rename_dataset(database, dataset, name, with_answers=with_answers)
    return [f"{dataset} is called {name} now.", *_recipes_naming(workspace, dataset)]


def relabel(
    workspace: Workspace,
    database: Database,
    dataset: str,
    label_map: Mapping[str, str],
    label_for_all: str | None,
    *,
    with_answers: bool,
) -> list[str]:
    """Change labels of a dataset's rows, by a map from old to new or to one for all."""
    workspace.require_no_running_job()
    rows = relabel_dataset(database, dataset, label_map, label_for_all, with_answers=with_answers)
    return [f"Another label now: {counted(rows, 'row')} of {dataset}."]


def change_roles(
    workspace: Workspace, database: Database, dataset: str, roles: Sequence[Role]
) -> list[str]:
    """Give a dataset these roles in place of those that it has."""
    workspace.require_no_running_job()
    set_roles(database, dataset, roles)
    return [f"{dataset} is now: {', '.join(sorted(set(roles)))}."]


def require_name(name: str) -> None:
    """Raise NameUnfit for a name that cannot be part of a file's name."""
    if not re.match(NAME_PATTERN, name):
        raise NameUnfit(f"{name!r} is not a valid name of a dataset: {NAME_RULE}.")


def _recipes_naming(workspace: Workspace, dataset: str) -> list[str]:
    """A sentence for each recipe that asks for a dataset by its name."""
    found = []
    for recipe in workspace.recipes():
        sources = [source for stage in recipe.stage for source in stage.source]
        if any(dataset in source.datasets for source in sources if source.datasets != "all"):
            found.append(f"recipes/{recipe.name}.toml still names {dataset}: change it there.")
    return found
