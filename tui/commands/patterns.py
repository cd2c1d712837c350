"""The command that groups rows of production, and shows what they are: patterns."""

import shlex
from enum import StrEnum
from typing import Annotated

import typer

from store.counting import counted
from tui.commands.completion import complete_datasets, complete_detectors
from tui.commands.job_options import DetachOption
from tui.commands.output import JsonOption, open_workspace, print_json, print_table, say, tell
from tui.commands.progress import is_busy, wait_or_leave
from tui.commands.run import describe_draft
from tui.commands.seed_options import SeedOption
from tui.services.bounds import MOST_ROWS
from tui.services.errors import NothingToDo
from tui.services.inert import one_line
from tui.services.jobs.patterns import LIMIT, PatternsDraft, PatternsRequest, draft_patterns
from tui.services.jobs.run_plan import start_job
from tui.services.jobs.titles import draft_titles
from tui.services.results.pattern_words import describe_figures
from tui.services.results.patterns import Pattern, Patterns, summarise_patterns
from tui.services.workspace import Workspace

NAME_WIDTH = 48
TEXT_WIDTH = 44


class ProductionRows(StrEnum):
    """Which rows of production are selected."""

    flagged = "flagged"
    passed = "passed"
    all = "all"
    unsure = "unsure"


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command("patterns")(patterns)


def patterns(
    context: typer.Context,
    on: Annotated[
        str,
        typer.Option(help="Group rows of this dataset.", autocompletion=complete_datasets),
    ],
    rows: Annotated[
        ProductionRows,
        typer.Option(
            help="Select rows that the guard flagged, or let pass, or any, or those of which the "
            "detector was least sure."
        ),
    ] = ProductionRows.flagged,
    detector: Annotated[
        str | None,
        typer.Option(
            help="Go by the newest evaluation of this detector, not by the verdicts in the log.",
            autocompletion=complete_detectors,
        ),
    ] = None,
    k: Annotated[
        int | None,
        typer.Option(
            "--k",
            min=1,
            max=MOST_ROWS,
            help="Patterns within a verdict; as in workspace.toml if not given.",
        ),
    ] = None,
    limit: Annotated[
        int,
        typer.Option(min=1, max=MOST_ROWS, help="Select at most so many rows, at random."),
    ] = LIMIT,
    seed: SeedOption = None,
    titles: Annotated[
        bool,
        typer.Option(
            "--titles",
            help="Ask the first model of [answers] in workspace.toml for a title of each pattern "
            "that has none.",
        ),
    ] = False,
    detach: DetachOption = False,
    as_json: JsonOption = False,
) -> None:
    """Group rows of production into patterns to be labelled, and show how precise the guard is.

    Rows that were selected before are never selected again, so each call takes what is new; without
    anything new it shows the patterns. They are clustered within the guard's verdict, and named by
    their most telling terms.
    """
    workspace = open_workspace(context)
    request = PatternsRequest(
        dataset=on, rows=rows.value, detector=detector, k=k, limit=limit,
        seed=workspace.settings.seed if seed is None else seed,
    )  # fmt: skip
    if detach or titles or not is_busy(workspace):
        _select(workspace, request, detach)
    if detach:
        return
    if titles:
        _ask_for_titles(workspace, on)
    with workspace.database() as database:
        found = summarise_patterns(workspace, database, on)
    if as_json:
        print_json(found)
    else:
        _print(found)


def _select(workspace: Workspace, request: PatternsRequest, detach: bool) -> None:
    """Select what is new, and follow the job that groups it."""
    with workspace.planning():
        with workspace.database() as database:
            try:
                drafted = draft_patterns(workspace, database, request)
            except NothingToDo as nothing:
                say(str(nothing))
                return
        job = start_job(workspace, drafted.draft)
    say(f"{_describe_selected(drafted)} Job {job.job_id}: {describe_draft(drafted.draft)}")
    wait_or_leave(workspace, job, detach)


def _ask_for_titles(workspace: Workspace, dataset: str) -> None:
    """Let a language model call patterns something, and follow its job."""
    with workspace.planning():
        with workspace.database() as database:
            try:
                draft = draft_titles(workspace, database, dataset)
            except NothingToDo as nothing:
                say(str(nothing))
                return
        job = start_job(workspace, draft)
    say(f"Job {job.job_id}: {describe_draft(draft)}")
    wait_or_leave(workspace, job, detach=False)


def _describe_selected(drafted: PatternsDraft) -> str:
    if drafted.rows == drafted.waiting:
        return f"Selected {counted(drafted.rows, 'row')}."
    return f"Selected {drafted.rows:,} of {counted(drafted.waiting, 'row')}."


def _print(found: Patterns) -> None:
    if not found.patterns:
        tell(f"No row of {one_line(found.dataset)!r} is in a pattern yet.")
        return
    print_table(
        ["pattern", "rows", "said", "label", "so", "per 1,000", "representative"],
        [_row(item) for item in found.patterns],
        title=f"Patterns of {found.dataset}",
    )
    for line in describe_figures(found):
        tell(line)
    if any(item.decision is None for item in found.patterns):
        name = shlex.quote(found.dataset)
        tell(f"`backquery label --dataset {name} --selected patterns` labels them, a key each.")


def _row(item: Pattern) -> list[object]:
    return [
        one_line(item.name, NAME_WIDTH),
        item.size,
        item.said or "–",
        item.label or item.decision or "–",
        item.finding or "–",
        "–" if item.false_alarms is None else f"{item.false_alarms:.2f}",
        one_line(item.representative.text, TEXT_WIDTH),
    ]
