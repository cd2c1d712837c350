"""Commands that list and watch jobs, and end or resume one: jobs."""

from typing import Annotated

import typer

from engine.jobs.records import ENDED
from tui.commands.completion import complete_jobs
from tui.commands.job_options import DetachOption, ForceOption
from tui.commands.job_tables import print_job, print_jobs
from tui.commands.output import (
    JsonOption,
    console,
    open_workspace,
    print_json,
    say,
)
from tui.commands.progress import report_outcome, wait_or_leave
from tui.services.inert import one_line
from tui.services.job_views import Jobs, view_job
from tui.services.results.status import job_status

JobArgument = Annotated[str, typer.Argument(help="The job's id.", autocompletion=complete_jobs)]

jobs_app = typer.Typer(help="List jobs; show, log, cancel or resume one.")


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.add_typer(jobs_app, name="jobs", invoke_without_command=True)


@jobs_app.callback()
def jobs(context: typer.Context, as_json: JsonOption = False) -> None:
    """List the jobs, oldest first."""
    if context.invoked_subcommand is not None:
        return
    found = open_workspace(context).jobs()
    say_strays(found)
    jobs = [job_status(view) for view in found.views]
    if as_json:
        print_json(jobs)
    else:
        print_jobs(jobs)


def say_strays(jobs: Jobs) -> None:
    """Say what lies beside the jobs and is none."""
    if jobs.strays:
        say(one_line(jobs.strays))


@jobs_app.command("show")
def show(context: typer.Context, job_id: JobArgument, as_json: JsonOption = False) -> None:
    """Show how far a job is; one that failed, or brought no row that is right, ends with 1."""
    view = view_job(open_workspace(context).supervisor.job(job_id))
    if as_json:
        print_json(job_status(view))
        return
    print_job(job_status(view))
    if view.state in ENDED:
        report_outcome(view, console())


@jobs_app.command("log")
def log(context: typer.Context, job_id: JobArgument) -> None:
    """Print what a job's processes said."""
    job = open_workspace(context).supervisor.job(job_id)
    typer.echo(job.log_path.read_text(encoding="utf-8", errors="replace"), nl=False)


@jobs_app.command("cancel")
def cancel(context: typer.Context, job_id: JobArgument) -> None:
    """End a job; its finished rows are kept."""
    workspace = open_workspace(context)
    job = workspace.supervisor.job(job_id)
    workspace.supervisor.cancel(job)
    say(f"Job {job.job_id} is {job.state()}.")


@jobs_app.command("resume")
def resume(
    context: typer.Context,
    job_id: JobArgument,
    detach: DetachOption = False,
    force: ForceOption = False,
) -> None:
    """Go on with a job that stopped before its end, from its finished parts."""
    workspace = open_workspace(context)
    job = workspace.supervisor.job(job_id)
    if job.state() == "done":
        say(f"Job {job.job_id} is done; there is nothing left of it.")
        return
    if force:
        job.force()
    workspace.supervisor.start(job)
    wait_or_leave(workspace, job, detach)
