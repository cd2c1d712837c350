"""What the command line and the app share: a workspace's files, store and jobs.

A command uses the database in short calls and lets go of it while a job runs; the app keeps it.
Nothing here knows of Textual.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TypeVar

from engine.errors import JobNotFound, JobSpecInvalid
from engine.generation.templates import Template, load_template
from engine.jobs.supervisor import Supervisor
from store.database.connection import Database
from store.database.owner import COMMAND_PATIENCE_S
from store.errors import UnknownName
from store.learned_labels import use_spread
from store.recipes import Recipe, load_recipe
from tui.services.configuration import Configuration, resolve_folder
from tui.services.errors import JobUnfinished, NotAWorkspace
from tui.services.ingestion import Intake
from tui.services.job_views import Jobs, view_job
from tui.services.problems import copy_problem
from tui.services.settings import Task, presets, read_settings
from tui.services.strays import describe_strays, toml_names

N = TypeVar("N", Template, Recipe)


@dataclass(frozen=True, slots=True)
class Workspace(Configuration):
    """An opened workspace folder. The database is opened apart, by `database`."""

    supervisor: Supervisor

    @classmethod
    def create(cls, path: Path, *, task: str, preset: str) -> "Workspace":
        """Make a workspace from a preset and a task (a name in the package, or a TOML file).

        A task of pairs has presets and recipes of its own, and a problem where the package has one.
        Raises NotAWorkspace where the folder already holds something, and SettingsInvalid;
        nothing is made then.
        """
        path = resolve_folder(path)
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise NotAWorkspace(f"{path} is not empty. Name a new folder, or open it with -w.")
        source = presets()
        task_file = Path(task if task.endswith(".toml") else str(source / "tasks" / f"{task}.toml"))
        if not task_file.is_file():
            raise NotAWorkspace(f"There is no task {task_file.name!r}.")
        of = "-pairs" if (read := read_settings(task_file, Task)).is_pair else ""
        preset_file = Path(str(source / f"{preset}{of}.toml"))
        if not preset_file.is_file():
            raise NotAWorkspace(f"There is no preset {preset_file.name!r}.")
        Configuration.read(path, preset_file, task_file).keymap()
        for folder in ("jobs", "detectors", "exports"):
            (path / folder).mkdir(parents=True, exist_ok=True)
        shutil.copytree(str(source / "templates"), path / "templates")
        shutil.copytree(str(source / f"recipes{of}"), path / "recipes")
        (path / "task.toml").write_bytes(task_file.read_bytes())
        (path / "workspace.toml").write_bytes(preset_file.read_bytes())
        copy_problem(read.name, path)
        workspace = cls.open(path)
        with workspace.database():
            return workspace

    @classmethod
    def open(cls, path: Path) -> "Workspace":
        """Open a workspace folder. Raises NotAWorkspace or SettingsInvalid."""
        return cls.of(Configuration.open(path))

    @classmethod
    def of(cls, configuration: Configuration) -> "Workspace":
        """The workspace whose configuration was read before."""
        values = {item.name: getattr(configuration, item.name) for item in fields(Configuration)}
        return cls(**values, supervisor=Supervisor(configuration.path))

    @contextmanager
    def database(
        self, *, role: str = "a command", patience_s: float = COMMAND_PATIENCE_S
    ) -> Iterator[Database]:
        """The database while the block lasts, with finished parts taken in first.

        Labels spread as the settings say.
        """
        with Database(self.path, role=role, patience_s=patience_s) as database:
            self.ingest(database)
            use_spread(database, self.settings.labelling.spread)
            yield database

    def ingest(self, database: Database) -> int:
        """Take in every finished part of every job; return the number of new rows."""
        return Intake(self.supervisor, database).take_in()

    def template(self, name: str) -> Template:
        """Read one of the workspace's prompt templates."""
        return load_template(self._file("templates", name))

    def recipe(self, name: str) -> Recipe:
        """Read one of the workspace's recipes, or a recipe file by its path."""
        return load_recipe(self.recipe_path(name))

    def recipe_path(self, name: str) -> Path:
        """The file of one of the workspace's recipes, or of one that is named by its path."""
        path = Path(name)
        return path if path.suffix == ".toml" else self._file("recipes", name)

    def recipe_names(self) -> list[str]:
        """The names of all recipe files of the workspace, in order."""
        return toml_names(self.path / "recipes")

    def recipes(self) -> list[Recipe]:
        """Read all recipes of the workspace, by name. Raises RecipeRefused."""
        return [self.recipe(name) for name in self.recipe_names()]

    def _file(self, folder: str, name: str) -> Path:
        path = self.path / folder / f"{name}.toml"
        if not path.is_file():
            names = ", ".join(toml_names(self.path / folder)) or "none"
            raise UnknownName(f"There is no {name!r} in {folder}/. There are: {names}.")
        return path

    def jobs(self) -> Jobs:
        """Read all jobs, oldest first."""
        views, strays = [], self.supervisor.strays()
        for job in self.supervisor.jobs():
            try:
                views.append(view_job(job))
            except (JobNotFound, JobSpecInvalid):
                strays.append(job.job_id)
        return Jobs(tuple(views), describe_strays(self.path, strays))

    @contextmanager
    def planning(self) -> Iterator[None]:
        """Plan and start a job while no other process does. Raises JobUnfinished if one works."""
        folder = os.open(self.path / "jobs", os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            self.require_no_running_job()
            yield
        finally:
            os.close(folder)

    def require_no_running_job(self) -> None:
        """Raise JobUnfinished while a job is being worked on: its rows are not yet counted."""
        for job in self.supervisor.jobs():
            if job.is_worked_on():
                raise JobUnfinished(
                    f"Job {job.job_id} is still running. `backquery jobs show {job.job_id}` says "
                    f"how far it is, `backquery jobs cancel {job.job_id}` ends it."
                )
