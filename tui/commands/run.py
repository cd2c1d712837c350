"""Commands that start and watch jobs: run, jobs."""

from dataclasses import asdict
from enum import StrEnum
from typing import Annotated

import typer

from engine.jobs.draft import JobDraft
from engine.jobs.job import ENDED, JobFolder
from engine.jobs.registry import PLANNED_BY_RUN
from store.counts import Counts
from store.pairs import Draw
from tui.commands.completion import complete_datasets, complete_jobs, complete_labels
from tui.commands.job_tables import print_job, print_jobs
from tui.commands.output import (
    JsonOption,
    console,
    open_workspace,
    print_json,
    print_table,
    say,
    tell,
)
from tui.commands.progress import follow_job, report_outcome
from tui.frame.facts import read_snapshot
from tui.frame.next_step import next_step
from tui.services.bounds import MOST_ROWS, MOST_SEED
from tui.services.errors import NothingToDo
from tui.services.inert import one_line
from tui.services.jobs.run_plan import RunRequest, draft_run, start_job
from tui.services.results.status import job_status, read_status
from tui.services.workspace import Jobs, Workspace, view_job

JobArgument = Annotated[str, typer.Argument(help="The job's id.", autocompletion=complete_jobs)]


class SampleOrder(StrEnum):
    """How seeds are drawn."""

    random = "random"
    first = "first"


jobs_app = typer.Typer(help="List jobs; show, log, cancel or resume one.")


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command("run")(run)
    app.command("status")(status)
    app.add_typer(jobs_app, name="jobs", invoke_without_command=True)


def run(
    context: typer.Context,
    stages: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[STAGE]...",
            help=f"Run only these: {', '.join(PLANNED_BY_RUN)}. Without any, all run that are "
            "due; production runs only if it is named.",
        ),
    ] = None,
    dataset: Annotated[
        list[str] | None,
        typer.Option(
            help="Ask only about seeds of this dataset.", autocompletion=complete_datasets
        ),
    ] = None,
    label: Annotated[
        list[str] | None,
        typer.Option(help="Ask only about seeds of this label.", autocompletion=complete_labels),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(min=1, max=MOST_ROWS, help="Ask about so many more seeds."),
    ] = None,
    total: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=MOST_ROWS,
            help="Ask about seeds until so many were asked about, those of earlier runs included.",
        ),
    ] = None,
    sample: Annotated[
        SampleOrder,
        typer.Option(
            help="Draw seeds at random, in proportion to dataset and label, or first come first."
        ),
    ] = SampleOrder.random,
    seed: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=MOST_SEED,
            help="Draw under this random seed; that of workspace.toml if not given.",
        ),
    ] = None,
    initial: Annotated[
        str | None,
        typer.Option(metavar="REF", help="Predict with a finished detector: path:… or hf:…."),
    ] = None,
    detach: Annotated[
        bool, typer.Option("--detach", help="Do not wait for the job to end.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Go on whatever the first rows are like; do not pause.")
    ] = False,
    retry_errors: Annotated[
        bool, typer.Option("--retry-errors", help="Also try rows again that have an error.")
    ] = False,
) -> None:
    """Do what is due: questions, answers, initial detector, predictions, clusters, drift."""
    workspace = open_workspace(context)
    draw = Draw(
        datasets=tuple(dataset or ()),
        labels=tuple(label or ()),
        limit=limit,
        total=total,
        order=sample.value,
        seed=workspace.settings.seed if seed is None else seed,
    )
    check_names(workspace, draw.labels, tuple(stages or ()))
    request = RunRequest(tuple(stages or ()), draw, initial, retry_errors)
    workspace.require_no_running_job()
    with workspace.database() as database:
        try:
            draft = draft_run(workspace, database, request)
        except NothingToDo as nothing:
            say(str(nothing))
            return
    for remark in draft.remarks:
        say(remark)
    job = start_job(workspace, draft, force=force)
    say(f"Job {job.job_id}: {describe_draft(draft)}")
    wait_or_leave(workspace, job, detach)


def check_names(
    workspace: Workspace, labels: tuple[str, ...], stages: tuple[str, ...] = ()
) -> None:
    """Raise typer.BadParameter for a label or a stage that is not there."""
    for hint, given, known in (
        ("--label", labels, workspace.task.labels),
        ("STAGE", stages, tuple(PLANNED_BY_RUN)),
    ):
        unknown = [name for name in given if name not in known]
        if unknown:
            raise typer.BadParameter(
                f"{unknown[0]!r} is none of {', '.join(known)}.", param_hint=hint
            )


def describe_draft(draft: JobDraft) -> str:
    """The stages of a job and the rows each starts from."""
    return " → ".join(
        f"{stage.name} ({stage.rows:,})" if stage.rows else stage.name for stage in draft.planned
    )


def wait_or_leave(workspace: Workspace, job: JobFolder, detach: bool) -> None:
    """Follow a job to its end, or say how to find it again."""
    if detach:
        say(f"It goes on by itself. `backquery jobs show {job.job_id}` says how far it is.")
        return
    follow_job(workspace, job, console())
    say("Done.")


def status(context: typer.Context, as_json: JsonOption = False) -> None:
    """Show how much of everything there is, and the jobs."""
    workspace = open_workspace(context)
    found = workspace.jobs()
    with workspace.database() as database:
        status = read_status(database, found)
        # Not in JSON: what is due takes reading many rows, and scripts ask often.
        step = None if as_json else next_step(read_snapshot(workspace, database, found))
    _say_strays(found)
    if step is None:
        print_json(status)
        return
    print_counts(status.counts)
    if status.datasets:
        print_table(
            ["dataset", "roles", "rows"],
            [[item.dataset, ", ".join(item.roles), item.rows] for item in status.datasets],
        )
    if status.jobs:
        print_jobs(status.jobs)
    tell(f"Next: {one_line(step.text)}")
    if step.command:
        tell(f"  {step.command}")


def print_counts(counts: Counts) -> None:
    """Print how much of everything there is."""
    print_table(["", "count"], list(asdict(counts).items()))


@jobs_app.callback()
def jobs(context: typer.Context, as_json: JsonOption = False) -> None:
    """List the jobs, oldest first."""
    if context.invoked_subcommand is not None:
        return
    found = open_workspace(context).jobs()
    _say_strays(found)
    jobs = [job_status(view) for view in found.views]
    if as_json:
        print_json(jobs)
    else:
        print_jobs(jobs)


def _say_strays(jobs: Jobs) -> None:
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
    detach: Annotated[
        bool, typer.Option("--detach", help="Do not wait for the job to end.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Go on whatever the first rows are like; do not pause.")
    ] = False,
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
