"""Commands that do what is due, and say how much there is: run, status."""

from dataclasses import asdict
from enum import StrEnum
from typing import Annotated

import typer

from engine.jobs.draft import JobDraft
from engine.jobs.registry import PLANNED_BY_RUN
from store.counts import Counts
from store.pairs import Draw
from tui.commands.job_options import DetachOption, ForceOption
from tui.commands.job_tables import print_jobs
from tui.commands.jobs import say_strays
from tui.commands.output import (
    JsonOption,
    open_workspace,
    print_json,
    print_table,
    say,
    tell,
)
from tui.commands.progress import wait_or_leave
from tui.commands.seed_options import DatasetOption, LabelOption, SeedOption
from tui.frame.facts import read_snapshot
from tui.frame.next_step import next_step
from tui.services.bounds import MOST_ROWS
from tui.services.errors import NothingToDo
from tui.services.inert import one_line
from tui.services.jobs.run_plan import RunRequest, draft_run, start_job
from tui.services.learning import make_labels_fresh
from tui.services.results.quality_words import describe_quality
from tui.services.results.status import read_status
from tui.services.workspace import Workspace


class SampleOrder(StrEnum):
    """How seeds are drawn."""

    random = "random"
    first = "first"


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command("run")(run)
    app.command("status")(status)


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
    dataset: DatasetOption = None,
    label: LabelOption = None,
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
    seed: SeedOption = None,
    initial: Annotated[
        str | None,
        typer.Option(metavar="REF", help="Predict with a finished detector: path:… or hf:…."),
    ] = None,
    detach: DetachOption = False,
    force: ForceOption = False,
    retry_errors: Annotated[
        bool, typer.Option("--retry-errors", help="Also try rows again that have an error.")
    ] = False,
) -> None:
    """Do what is due: questions, answers, detector, predictions, vectors, clusters, drift."""
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
    with workspace.planning():
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


def status(context: typer.Context, as_json: JsonOption = False) -> None:
    """Show how much of everything there is, and the jobs."""
    workspace = open_workspace(context)
    found = workspace.jobs()
    with workspace.database() as database:
        make_labels_fresh(workspace, database)
        status = read_status(workspace, database, found)
        # Not in JSON: what is due takes reading many rows, and scripts ask often.
        step = None if as_json else next_step(read_snapshot(workspace, database, found))
    say_strays(found)
    if step is None:
        print_json(status)
        return
    print_counts(status.counts)
    if status.counts.labels:
        tell(describe_quality(status.label_quality))
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
