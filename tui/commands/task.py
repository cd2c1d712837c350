"""Commands that change what the task says: task rename."""

from typing import Annotated

import typer

from tui.commands.output import open_workspace, say
from tui.services.files.label_renaming import rename_task_label

task_app = typer.Typer(help="Change the task's labels.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.add_typer(task_app, name="task")


@task_app.callback()
def task() -> None:
    """Change the task's labels."""


@task_app.command("rename")
def rename(
    context: typer.Context,
    old: Annotated[str, typer.Argument(help="The label as rows have it now.")],
    new: Annotated[
        str, typer.Argument(help="The label's new name; task.toml may have it already.")
    ],
) -> None:
    """Rename a label in task.toml, rows, decisions, recipes and detectors."""
    workspace = open_workspace(context)
    workspace.require_no_running_job()
    with workspace.database() as database:
        done = rename_task_label(workspace, database, old, new)
    files = [str(path.relative_to(workspace.path)) for path in done.files]
    say(f"{old} is {new} now in all rows, {done.samples:,} of them samples, and in these files:")
    for name in files or ["none"]:
        say(f"  {name}")
    for folder in done.unreadable:
        say(f"{folder} cannot be read; its model still says {old}.")
    for job in workspace.supervisor.jobs():
        if job.state() in ("interrupted", "paused", "failed", "cancelled"):
            say(f"Job {job.job_id} was made with {old}: after resuming it, run this command again.")
