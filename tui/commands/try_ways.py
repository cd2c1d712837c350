"""The command that asks the same seeds in several ways, and takes one of them over: try."""

from typing import Annotated

import typer

from engine.jobs.job import JobFolder
from store.pairs import Draw
from tui.commands.output import JsonOption, console, open_workspace, print_json, say
from tui.commands.progress import follow_job
from tui.commands.run import check_names
from tui.commands.seed_options import DatasetOption, LabelOption, SeedOption
from tui.commands.try_tables import print_trial
from tui.services.errors import NothingToDo
from tui.services.files.chosen_way import use_way
from tui.services.jobs.run_plan import start_job
from tui.services.jobs.trial import SEEDS, TrialRequest, describe_trial, draft_trial
from tui.services.results.trial import last_trial, read_trial
from tui.services.workspace import Workspace

MOST_SEEDS = 1000


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command("try")(try_ways)


def try_ways(
    context: typer.Context,
    seeds: Annotated[
        int, typer.Option(min=1, max=MOST_SEEDS, help="Ask about so many seeds.")
    ] = SEEDS,
    template: Annotated[
        list[str] | None,
        typer.Option(help="Ask with this template; may be given several times."),
    ] = None,
    model: Annotated[
        list[str] | None,
        typer.Option(metavar="REF", help="Ask this model; may be given several times."),
    ] = None,
    temperature: Annotated[
        list[float] | None,
        typer.Option(min=0, help="Ask at this temperature; may be given several times."),
    ] = None,
    dataset: DatasetOption = None,
    label: LabelOption = None,
    seed: SeedOption = None,
    use: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="N", help="Ask nothing; write way N of the last try into workspace.toml."
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Ask the same seeds in several ways, and compare; no row is stored.

    Every template is tried with every model and temperature. Without any of them, the way of
    workspace.toml is compared with its other templates for questions.
    """
    workspace = open_workspace(context)
    if use is not None:
        _use(workspace, use)
        return
    draw = Draw(
        datasets=tuple(dataset or ()),
        labels=tuple(label or ()),
        total=seeds,
        seed=workspace.settings.seed if seed is None else seed,
    )
    check_names(workspace, draw.labels)
    request = TrialRequest(
        draw, tuple(template or ()), tuple(model or ()), tuple(temperature or ())
    )
    trial = read_trial(_ask(workspace, request), workspace.settings)
    if as_json:
        print_json(trial)
        return
    print_trial(trial)
    say("`backquery try --use N` writes way N into workspace.toml; the next run asks so.")


def _ask(workspace: Workspace, request: TrialRequest) -> JobFolder:
    with workspace.planning():
        with workspace.database() as database:
            draft = draft_trial(workspace, database, request)
        job = start_job(workspace, draft)
    say(f"Job {job.job_id}: {describe_trial(draft)}")
    follow_job(workspace, job, console())
    return job


def _use(workspace: Workspace, number: int) -> None:
    job = last_trial(workspace)
    if job is None:
        raise NothingToDo("Nothing was tried yet: `backquery try` compares ways of asking.")
    ways = read_trial(job, workspace.settings).ways
    if number > len(ways):
        raise typer.BadParameter(
            f"the last try, {job.job_id}, has {len(ways)} ways.", param_hint="--use"
        )
    changes = use_way(workspace, ways[number - 1])
    for change in changes:
        say(f"{change.name}: {change.before} → {change.after}")
    if not changes:
        say(f"workspace.toml asks in way {number} already.")
        return
    say("The next run asks so. Questions that are there already stay as they were asked.")
