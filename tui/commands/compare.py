"""Commands that evaluate detectors and show how good they are: evaluate, compare."""

from collections.abc import Sequence
from typing import Annotated

import typer

from store.detectors import list_detectors
from tui.commands.compare_tables import TableText, comparison_tables
from tui.commands.completion import complete_datasets, complete_detectors, complete_recipes
from tui.commands.evaluation_tables import evaluation_tables
from tui.commands.output import (
    JsonOption,
    console,
    open_workspace,
    print_json,
    print_markdown,
    print_table,
    say,
)
from tui.commands.progress import follow_job
from tui.commands.published_tables import published_table
from tui.services.bounds import MOST_TRAININGS
from tui.services.errors import NothingToDo
from tui.services.inert import one_line
from tui.services.jobs.comparison import compare_all, compare_recipes, unevaluated
from tui.services.jobs.evaluation import Contest, evaluate_all, evaluate_one, require_truth
from tui.services.jobs.run_plan import start_job
from tui.services.results.comparison import Comparison, compare_detectors
from tui.services.results.evaluation_report import report_evaluation
from tui.services.results.published import ComparisonWithPapers, read_published
from tui.services.task_labels import describe_meanings
from tui.services.workspace import Workspace

MarkdownOption = Annotated[bool, typer.Option("--markdown", help="Print Markdown tables.")]


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command("evaluate")(evaluate)
    app.command("compare")(compare)


def evaluate(
    context: typer.Context,
    detector: Annotated[
        str,
        typer.Argument(
            help="The detector's name or id; or a baseline: baseline:majority, baseline:tfidf, "
            "llm:MODEL; of pairs also baseline:cosine, :knn, :colbert, :cross-encoder, and "
            "prompt:MODEL.",
            autocompletion=complete_detectors,
        ),
    ],
    on: Annotated[
        str,
        typer.Option(
            help="Evaluate on this dataset: a labelled one, or one of production.",
            autocompletion=complete_datasets,
        ),
    ],
    recipe: Annotated[
        str | None,
        typer.Option(
            help="Fit a baseline on the rows of this recipe; if not given, on those of `real`, of "
            "pairs `invented`.",
            autocompletion=complete_recipes,
        ),
    ] = None,
    retry_errors: Annotated[
        bool,
        typer.Option(
            "--retry-errors", help="Ask a language model again about rows without a reply."
        ),
    ] = False,
    as_json: JsonOption = False,
    markdown: MarkdownOption = False,
) -> None:
    """Evaluate a detector: measures and slices where there are labels, alarms on production.

    A baseline is fitted on the rows of a recipe first, without what leaks a benchmark. For pairs,
    some take an encoder: that of workspace.toml, or as in
    baseline:cosine@hf:BAAI/bge-large-en-v1.5. A language model, named as in workspace.toml, is told
    what the labels mean, and asked for one; behind prompt: it gets the context as its system
    prompt, and what it refuses is flagged. Of what it was asked before, only rows that are missing
    are asked about.
    """
    workspace = open_workspace(context)
    with workspace.database() as database:
        contest = evaluate_one(workspace, database, detector, on, recipe, retry_errors=retry_errors)
    _say_meanings(workspace, contest)
    _run(workspace, contest)
    (chosen,) = contest.detector_ids
    with workspace.database() as database:
        report = report_evaluation(workspace, database, on, chosen)
    if as_json:
        print_json(report)
    else:
        _print_tables(evaluation_tables(report), markdown)


def compare(
    context: typer.Context,
    on: Annotated[
        str,
        typer.Option(
            help="Compare on this labelled dataset, as a rule a benchmark.",
            autocompletion=complete_datasets,
        ),
    ],
    recipes: Annotated[
        str | None,
        typer.Option(
            metavar="all|A,B",
            help="Compare only these; recipes are trained first if they were not.",
        ),
    ] = None,
    seeds: Annotated[
        int,
        typer.Option(
            min=1,
            max=MOST_TRAININGS,
            help="Train each recipe so many times, under different seeds.",
        ),
    ] = 1,
    baselines: Annotated[
        bool,
        typer.Option(
            "--baselines",
            help="Also compare baseline:majority and baseline:tfidf, fitted on the rows of `real`; "
            "of pairs also those by the encoder (:cosine, :knn, :colbert), on those of `invented`.",
        ),
    ] = False,
    reference: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Test each of the others against this recipe or detector alone, not all pairs: "
            "fewer tests, which find smaller differences.",
            autocompletion=complete_detectors,
        ),
    ] = None,
    published: Annotated[
        bool,
        typer.Option("--published", help="Also show the figures that a paper has on this task."),
    ] = False,
    as_json: JsonOption = False,
    markdown: MarkdownOption = False,
) -> None:
    """Evaluate detectors on a dataset, if that was not done yet, and compare them.

    Baselines that were evaluated on it are always among them, unless recipes are named. All pairs
    are tested unless a reference is named; the seeds of a recipe are taken together.
    """
    if seeds > 1 and recipes is None:
        raise typer.BadParameter("names how often recipes are trained: add --recipes.",
                                 param_hint="--seeds")  # fmt: skip
    workspace = open_workspace(context)
    with workspace.database() as database:
        if recipes is None:
            contest = compare_all(workspace, database, on, baselines=baselines, reference=reference)
        else:
            contest = compare_recipes(
                workspace, database, on, recipes, seeds, baselines=baselines, reference=reference
            )
    for reason in contest.left_out:
        say(f"Left out: {reason}")
    _say_meanings(workspace, contest)
    job = _run(workspace, contest)
    chosen = list(contest.detector_ids)
    with workspace.database() as database:
        comparison = compare_detectors(workspace, database, on, chosen, reference=reference)
        for name in unevaluated(database, on, chosen) if job else ():
            say(f"Left out: {name} could not be loaded; `backquery jobs log {job}` says why.")
    if not comparison.rows:
        raise NothingToDo("No detector is left that was evaluated, so nothing can be compared.")
    papers = read_published(workspace.task.name) if published else ()
    if published and not papers:
        say(f"No published figures are known for the task {workspace.task.name!r}.")
    if as_json:
        print_json(
            ComparisonWithPapers(comparison, papers[0], papers[1:]) if papers else comparison
        )
    else:
        tables = comparison_tables(comparison)
        _print_tables([*tables, *map(published_table, papers)], markdown)


def evaluate_missing(workspace: Workspace, detector_ids: list[str], dataset: str) -> None:
    """Run the evaluations that are missing, and wait for them."""
    with workspace.database() as database:
        require_truth(workspace, database, dataset)
        contest = evaluate_all(database, detector_ids, dataset)
    _run(workspace, contest)


def _run(workspace: Workspace, contest: Contest) -> str | None:
    """The id of the job that did what is missing, once it ended; None if nothing was."""
    if contest.draft.has("judge"):
        workspace.require_no_running_job()  # it may be asking already, and replies cost money
    if not contest.draft.planned:
        return None
    return follow_job(workspace, start_job(workspace, contest.draft), console()).job.job_id


def _say_meanings(workspace: Workspace, contest: Contest) -> None:
    """Say which labels of these detectors were positive when they were trained, or negative."""
    with workspace.database() as database:
        known = list_detectors(database)
    compared = [item for item in known if item.detector_id in contest.detector_ids]
    for sentence in describe_meanings(workspace.task, compared):
        say(sentence)


def print_comparison(comparison: Comparison) -> None:
    """Print the tables of a comparison."""
    _print_tables(comparison_tables(comparison), markdown=False)


def _print_tables(tables: Sequence[TableText], markdown: bool) -> None:
    show = print_markdown if markdown else print_table
    for table in tables:
        show(table.columns, table.rows, title=table.title)
        for note in table.notes:
            typer.echo(one_line(note))
        if table.notes:
            typer.echo("")
