"""What the demos share: their workspace, and jobs that do what is missing."""

from pathlib import Path
from typing import Final

from rich.console import Console

from engine.jobs.draft import JobDraft
from engine.stages.speed import SpeedStage
from tui.commands.output import say
from tui.commands.progress import follow_job
from tui.services.errors import NotAWorkspace, NothingToDo
from tui.services.files.toml_values import set_value
from tui.services.jobs.run_plan import RunRequest, draft_run, start_job
from tui.services.workspace import Workspace

MARKER: Final = "demo.txt"


def open_demo(folder: Path, task: str, *, clusters: int) -> Workspace:
    """Make a demo's workspace, with so many clusters for each label, or open it again.

    Raises NotAWorkspace for a folder that is not this demo's.
    """
    if (folder / "workspace.toml").is_file():
        workspace = Workspace.open(folder)
        if not (folder / MARKER).is_file() or workspace.task.name != task:
            raise NotAWorkspace(
                f"{folder} is another workspace, and the demo leaves it alone. Give it a new "
                "folder: backquery demo DIR"
            )
        say(f"Going on in {folder}.")
        return workspace
    Workspace.create(folder, task=task, preset="embedded")
    settings = folder / "workspace.toml"
    text = set_value(settings.read_text(encoding="utf-8"), ("clusters",), "k", clusters)
    if text is not None:
        settings.write_text(text, encoding="utf-8")
    (folder / MARKER).write_text("Made by `backquery demo`.\n", encoding="utf-8")
    return Workspace.open(folder)


def run_stages(workspace: Workspace, request: RunRequest, console: Console) -> None:
    """Run what is due of a run's stages, if anything is."""
    workspace.require_no_running_job()
    with workspace.database() as database:
        try:
            draft = draft_run(workspace, database, request)
        except NothingToDo:
            return
    follow_job(workspace, start_job(workspace, draft), console)


def follow_untimed(workspace: Workspace, draft: JobDraft, console: Console) -> None:
    """Do a comparison's job, but for its timing, which would take as long as a quarter of it."""
    untimed = [stage for stage in draft.planned if stage.name != SpeedStage.name]
    if untimed:
        follow_job(workspace, start_job(workspace, JobDraft(untimed)), console)
