"""The command that chooses what to label next of production, and says what was labelled: queue."""

from typing import Annotated

import typer

from engine.jobs.draft import JobDraft
from engine.selection.strategy import RANDOM_SHARE, STRATEGIES
from store.counting import counted
from store.queue import list_queues
from tui.commands.completion import complete_datasets, complete_detectors
from tui.commands.figures import percent
from tui.commands.output import (
    JsonOption,
    console,
    open_workspace,
    print_json,
    print_table,
    say,
    tell,
)
from tui.commands.progress import follow_job, is_busy
from tui.commands.run import describe_draft
from tui.commands.seed_options import SeedOption
from tui.commands.strategy_name import StrategyName
from tui.services.bounds import MOST_ROWS, QUEUE_BUDGET
from tui.services.jobs.queue import (
    QueueDraft,
    QueuePlan,
    draft_unready,
    plan_queue,
    take_queue,
)
from tui.services.jobs.queue_choice import POOL, QueueRequest
from tui.services.jobs.run_plan import start_job
from tui.services.logged_words import show_local
from tui.services.results.queue import QueuedRows, Queues, read_queues
from tui.services.workspace import Workspace


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command("queue")(queue)


def queue(
    context: typer.Context,
    dataset: Annotated[
        str,
        typer.Option(
            "--on",
            metavar="DATASET",
            help="Choose rows of this dataset of production.",
            autocompletion=complete_datasets,
        ),
    ],
    strategy: Annotated[
        StrategyName, typer.Option(help="How rows are chosen.")
    ] = StrategyName.MIXED,
    budget: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=MOST_ROWS,
            help=f"Choose so many rows. Without it, say what was labelled; {QUEUE_BUDGET} rows are "
            "chosen where none were before.",
        ),
    ] = None,
    random: Annotated[
        float,
        typer.Option(min=0, max=1, help="Draw this share at random, for estimates."),
    ] = RANDOM_SHARE,
    detector: Annotated[
        list[str] | None,
        typer.Option(
            help="Go by this detector's newest evaluation there; may be given twice.",
            autocompletion=complete_detectors,
        ),
    ] = None,
    seed: SeedOption = None,
    as_json: JsonOption = False,
) -> None:
    """Choose rows of production that are worth a key, as a queue of the labelling screen.

    Rows that were selected before are never chosen again. What is drawn at random says how common
    positives are, and how precise the guard is; what a strategy chose does not.
    """
    workspace = open_workspace(context)
    request = QueueRequest(
        dataset=dataset,
        strategy=next(name for name in STRATEGIES if name == strategy),
        budget=budget or QUEUE_BUDGET,
        random_share=random,
        detectors=tuple(detector or ()),
        seed=workspace.settings.seed if seed is None else seed,
    )
    with workspace.database() as database:
        is_wanted = budget is not None or not list_queues(database, dataset)
    if is_wanted or not is_busy(workspace):
        _make_ready(workspace, dataset)
    if is_wanted:
        _take(workspace, request)
    with workspace.database() as database:
        found = read_queues(workspace, database, dataset)
    if as_json:
        print_json(found)
    else:
        print_queues(found)


def _make_ready(workspace: Workspace, dataset: str) -> None:
    """Go on with queues that were selected, and whose job did not come to its end."""
    with workspace.planning(), workspace.database() as database:
        unready = draft_unready(workspace, database, dataset)
    for item in unready:
        say(f"{counted(item.selection.answers, 'row')} that were selected before are made ready.")
        _run(workspace, item.draft)


def _take(workspace: Workspace, request: QueueRequest) -> None:
    with workspace.planning(), workspace.database() as database:
        plan = plan_queue(workspace, database, request)
    if plan.stage:
        _run(workspace, JobDraft([plan.stage]))
    with workspace.planning(), workspace.database() as database:
        plan = plan_queue(workspace, database, request)
        taken = take_queue(workspace, database, request, plan)
    say(_describe_taken(taken, plan, request))
    _run(workspace, taken.draft)


def _run(workspace: Workspace, draft: JobDraft) -> None:
    job = start_job(workspace, draft)
    say(f"Job {job.job_id}: {describe_draft(draft)}")
    follow_job(workspace, job, console())


def _describe_taken(taken: QueueDraft, plan: QueuePlan, request: QueueRequest) -> str:
    """What was selected, of what, and by whose probabilities."""
    choices = plan.choices
    drawn, rows = len(choices.drawn), taken.selection.answers
    by = ", ".join(item.name for item in choices.detectors)
    parts = [f"{drawn:,} at random"] if drawn else []
    if rows > drawn:
        parts.append(f"{rows - drawn:,} by {request.strategy}{f' ({by})' if by else ''}")
    lines = [
        f"Selected {counted(rows, 'row')} of {choices.waiting:,} that waited: "
        f"{' and '.join(parts)}."
    ]
    if choices.unpredicted:
        lines.append(
            f"{counted(choices.unpredicted, 'row')} could only be drawn at random: no prediction "
            f"of {by} is stored; `backquery evaluate {by} --on {request.dataset}` computes it."
        )
    if choices.waiting > POOL:
        lines.append(f"The strategy compared {POOL:,} of them, drawn at random.")
    return "\n".join(lines)


def print_queues(found: Queues) -> None:
    """Print what was labelled of each queue, what the random rows say, and what to do next."""
    print_table(
        ["queue", "strategy", "chosen", "positive", "random", "positive", "left",
         "prevalence %", "guard's precision %"],
        [
            [
                show_local(item.selected_at),
                item.strategy,
                *_progress(item.chosen),
                *_progress(item.drawn),
                item.chosen.left + item.drawn.left,
                percent(item.prevalence),
                percent(item.precision),
            ]
            for item in found.queues
        ],
        title=f"Queues of {found.dataset}",
    )  # fmt: skip
    if any(item.drawn.labelled for item in found.queues):
        tell(
            "Prevalence and precision are by the random rows alone, of those that waited then; "
            "95 % intervals (Wilson)."
        )
    tell(found.next_step)


def _progress(rows: QueuedRows) -> tuple[str, int]:
    """The labelled rows of all, and the positive ones among them."""
    return f"{rows.labelled} of {rows.rows}", rows.positives
