"""Commands that judge detectors and show how good they are: evaluate, compare."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tui.commands.output import (
    JsonOption,
    console,
    open_workspace,
    print_json,
    print_markdown,
    print_table,
    say,
)
from tui.services.bounds import MOST_TRAININGS
from tui.services.errors import NothingToDo

if TYPE_CHECKING:
    from tui.commands.compare_tables import TableText
    from tui.services.jobs.evaluation import Contest
    from tui.services.workspace import Workspace

MarkdownOption = Annotated[bool, typer.Option("--markdown", help="Print Markdown tables.")]


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command("evaluate")(evaluate)
    app.command("compare")(compare)


def evaluate(
    context: typer.Context,
    detector: Annotated[
        str, typer.Argument(help="Its name or id; baseline:majority, baseline:tfidf; or llm:MODEL.")
    ],
    on: Annotated[str, typer.Option(help="A labelled dataset, or one of production.")],
    recipe: Annotated[
        str | None,
        typer.Option(help="Whose rows a baseline is fitted on; those of real without."),
    ] = None,
    retry_errors: Annotated[
        bool,
        typer.Option("--retry-errors", help="Ask llm:MODEL again about rows without a reply."),
    ] = False,
    as_json: JsonOption = False,
    markdown: MarkdownOption = False,
) -> None:
    """Judge a detector: measures and slices where there are labels, alarms on production.

    A baseline is fitted on the rows of a recipe first, without what leaks a benchmark. A language
    model, named as in workspace.toml, is told what the labels mean, and asked for one; of what it
    was asked before, only rows that are missing are asked about.
    """
    from tui.commands.compare_tables import alarm_tables, failure_tables, slice_tables
    from tui.services.jobs.evaluation import evaluate_one
    from tui.services.results.alarms import alarm_figures
    from tui.services.results.comparison import comparison_figures
    from tui.services.results.failures import failure_figures
    from tui.services.results.slices import slice_figures

    workspace = open_workspace(context)
    with workspace.database() as database:
        contest = evaluate_one(workspace, database, detector, on, recipe, retry_errors=retry_errors)
    _say_meanings(workspace, contest)
    _work(workspace, contest)
    chosen = list(contest.detector_ids)
    with workspace.database() as database:
        figures = {
            **comparison_figures(workspace, database, on, chosen),
            "slices": slice_figures(workspace, database, on, chosen[0]),
            "alarms": alarm_figures(workspace, database, on, chosen),
            "failures": failure_figures(database, on, chosen[0]),
        }
    if as_json:
        print_json(figures)
        return
    if figures["rows"]:
        print_comparison(figures, markdown=markdown)
    for row in figures["rows"]:
        print_confusion(row["confusion"], markdown=markdown)
    tables = [
        *alarm_tables(figures["alarms"]),
        *slice_tables(figures["slices"]),
        *failure_tables(figures["failures"]),
    ]
    _print_tables(tables, markdown)


def compare(
    context: typer.Context,
    on: Annotated[str, typer.Option(help="A labelled dataset, as a rule a benchmark.")],
    recipes: Annotated[
        str | None,
        typer.Option(metavar="all|A,B", help="Only these, trained first where they were not."),
    ] = None,
    seeds: Annotated[
        int, typer.Option(min=1, max=MOST_TRAININGS, help="Train each recipe so many times.")
    ] = 1,
    baselines: Annotated[
        bool,
        typer.Option("--baselines", help="With baseline:majority and baseline:tfidf, by real."),
    ] = False,
    published: Annotated[
        bool, typer.Option("--published", help="Show the papers' own figures on HeAL too.")
    ] = False,
    as_json: JsonOption = False,
    markdown: MarkdownOption = False,
) -> None:
    """Judge detectors on a dataset, where that was not done yet, and compare them.

    Baselines that were judged on it are always among them, unless recipes are named.
    """
    from tui.services.jobs.comparison import compare_all, compare_recipes, unevaluated
    from tui.services.results.comparison import comparison_figures
    from tui.services.results.published import published_figures

    if seeds > 1 and recipes is None:
        raise typer.BadParameter("names how often recipes are trained: add --recipes.",
                                 param_hint="--seeds")  # fmt: skip
    workspace = open_workspace(context)
    with workspace.database() as database:
        if recipes is None:
            contest = compare_all(workspace, database, on, baselines=baselines)
        else:
            contest = compare_recipes(workspace, database, on, recipes, seeds, baselines=baselines)
    for reason in contest.left_out:
        say(f"Left out: {reason}")
    _say_meanings(workspace, contest)
    job = _work(workspace, contest)
    chosen = list(contest.detector_ids)
    with workspace.database() as database:
        figures = comparison_figures(workspace, database, on, chosen)
        for name in unevaluated(database, on, chosen) if job else ():
            say(f"Left out: {name} could not be loaded; `backquery jobs log {job}` says why.")
    if not figures["rows"]:
        raise NothingToDo("No detector is left that was judged, so there is nothing to compare.")
    if published:
        figures["published"] = published_figures()
    if as_json:
        print_json(figures)
    else:
        print_comparison(figures, markdown=markdown)


def judge(workspace: "Workspace", detector_ids: list[str], dataset: str) -> None:
    """Run the evaluations that are missing, and wait for them."""
    from tui.services.jobs.evaluation import evaluate_all, require_truth

    with workspace.database() as database:
        require_truth(workspace, database, dataset)
        contest = evaluate_all(database, detector_ids, dataset)
    _work(workspace, contest)


def _work(workspace: "Workspace", contest: "Contest") -> str | None:
    """Do what is missing, wait for it, and return the job's id; None if nothing was."""
    from tui.commands.progress import follow_job
    from tui.services.jobs.run_plan import start_job

    if contest.draft.has("judge"):
        workspace.require_no_running_job()  # it may be asking already, and replies cost money
    if not contest.draft.planned:
        return None
    return follow_job(workspace, start_job(workspace, contest.draft), console()).job.job_id


def _say_meanings(workspace: "Workspace", contest: "Contest") -> None:
    """Say which labels of these detectors were positive when they were trained, or negative."""
    from store.detectors import list_detectors
    from tui.services.task_labels import describe_meanings

    with workspace.database() as database:
        known = list_detectors(database)
    compared = [item for item in known if item.detector_id in contest.detector_ids]
    for sentence in describe_meanings(workspace.task, compared):
        say(sentence)


def print_confusion(matrix: dict[str, Any], *, markdown: bool = False) -> None:
    """Print the confusion matrix over all labels: a row a true label, a column a predicted one."""
    show = print_markdown if markdown else print_table
    show(
        ["true ↓ predicted →", *matrix["labels"]],
        [[label, *counts] for label, counts in zip(matrix["labels"], matrix["rows"], strict=True)],
    )


def print_comparison(figures: dict[str, Any], *, markdown: bool = False) -> None:
    """Print the tables of a comparison in per cent, with intervals."""
    from tui.commands.compare_tables import comparison_tables

    _print_tables(comparison_tables(figures), markdown)


def _print_tables(tables: "Sequence[TableText]", markdown: bool) -> None:
    show = print_markdown if markdown else print_table
    for table in tables:
        show(table.columns, table.rows, title=table.title)
