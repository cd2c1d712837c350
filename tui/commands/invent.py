"""The command that writes data from a problem's definition: invent."""

from enum import StrEnum
from typing import Annotated

import typer

from engine.jobs.draft import JobDraft
from store.counting import counted
from tui.commands.completion import complete_datasets
from tui.commands.coverage_tables import print_coverage
from tui.commands.job_options import DetachOption, ForceOption, WriterOption
from tui.commands.output import (
    JsonOption,
    console,
    open_workspace,
    print_json,
    require_name,
    say,
)
from tui.commands.progress import follow_job, wait_or_leave
from tui.commands.run import describe_draft
from tui.commands.seed_options import SeedOption
from tui.services.bounds import MOST_ROWS
from tui.services.errors import NothingToDo
from tui.services.jobs.invention import (
    HELD_OUT,
    INVENTED,
    OWN,
    InventRequest,
    draft_invention,
)
from tui.services.jobs.run_plan import start_job
from tui.services.results.coverage import read_coverage
from tui.services.workspace import Workspace


class InventedRole(StrEnum):
    """What invented rows are for."""

    invented = "invented"
    benchmark = "benchmark"


ROLES = {InventedRole.invented: OWN, InventedRole.benchmark: HELD_OUT}


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command("invent")(invent)


def invent(
    context: typer.Context,
    more: Annotated[
        int,
        typer.Option("--n", min=0, max=MOST_ROWS, help="Draw so many more scenarios."),
    ] = 0,
    limit: Annotated[
        int | None,
        typer.Option(
            min=1, max=MOST_ROWS, help="Write at most so many now; the rest stay for later."
        ),
    ] = None,
    dataset: Annotated[
        str,
        typer.Option(
            "--as",
            "--dataset",
            metavar="NAME",
            help="The dataset that is written into.",
            autocompletion=complete_datasets,
        ),
    ] = INVENTED,
    role: Annotated[
        InventedRole | None,
        typer.Option(
            help="Of a new dataset: invented, to train on, unless it is to be a benchmark."
        ),
    ] = None,
    model: WriterOption = None,
    template: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="How it is asked, a file of templates/: scenario for models that follow long "
            "requests, scenario-short for small ones; that of workspace.toml if not given.",
        ),
    ] = None,
    fill: Annotated[
        bool,
        typer.Option("--fill", help="Draw values, and pairs of them, that have few scenarios."),
    ] = False,
    seed: SeedOption = None,
    coverage: Annotated[
        bool,
        typer.Option(
            "--coverage", help="Write nothing; show how what there is covers the problem."
        ),
    ] = False,
    dimension: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="With another, given twice: also show a grid of the two dimensions.",
        ),
    ] = None,
    retry_errors: Annotated[
        bool, typer.Option("--retry-errors", help="Also write again what has only an error.")
    ] = False,
    force: ForceOption = False,
    detach: DetachOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write labelled data from problem.toml: contexts, each with texts of every label.

    A draw says of each scenario which value it has of every dimension, and which seed words; draws
    without a scenario are written first.
    """
    workspace = open_workspace(context)
    pair = _pair(dimension or [])
    if coverage:
        _show(workspace, pair, as_json)
        return
    if fill and not more:
        raise typer.BadParameter(
            "give the number of scenarios to draw with --n.", param_hint="--fill"
        )
    request = InventRequest(
        dataset=require_name(dataset),
        roles=ROLES[role] if role else None,
        more=more,
        limit=limit,
        model=model,
        template=template,
        is_filling=fill,
        retry_errors=retry_errors,
        seed=workspace.settings.seed if seed is None else seed,
    )
    is_written = _write(workspace, request, force, detach)
    if (is_written or as_json) and not detach:
        _show(workspace, pair, as_json)


def _write(workspace: Workspace, request: InventRequest, force: bool, detach: bool) -> bool:
    """Write what is due, and wait for it unless the job is left alone; false if nothing is."""
    with workspace.planning():
        with workspace.database() as database:
            try:
                draft = draft_invention(workspace, database, request)
            except NothingToDo as nothing:
                say(str(nothing))
                return False
        job = start_job(workspace, draft, force=force)
    _announce(draft)
    say(f"Job {job.job_id}: {describe_draft(draft)}")
    if detach:
        wait_or_leave(workspace, job, detach)
    else:
        follow_job(workspace, job, console())
    return True


def _announce(draft: JobDraft) -> None:
    for remark in draft.remarks:
        say(remark)


def _pair(names: list[str]) -> tuple[str, str] | None:
    """Two dimensions, if any. Raises typer.BadParameter for one alone, or more."""
    if not names:
        return None
    if len(names) != 2 or names[0] == names[1]:
        raise typer.BadParameter(
            f"{counted(len(names), 'name')} given: name two dimensions for a grid of both.",
            param_hint="--dimension",
        )
    return names[0], names[1]


def _show(workspace: Workspace, pair: tuple[str, str] | None, as_json: bool) -> None:
    with workspace.database() as database:
        found = read_coverage(workspace, database, pair)
    if as_json:
        print_json(found)
    else:
        print_coverage(found)
