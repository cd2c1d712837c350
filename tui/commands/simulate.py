"""The commands that replay labelling on known labels: simulate labels, simulate learning."""

from collections.abc import Sequence
from typing import Annotated

import typer

from engine.jobs.draft import JobDraft
from engine.jobs.job import JobFolder
from engine.selection.strategy import STRATEGIES
from store.counting import counted
from tui.commands.completion import complete_datasets, complete_detectors
from tui.commands.learning_tables import print_learning
from tui.commands.output import JsonOption, console, open_workspace, print_json, say
from tui.commands.progress import follow_job
from tui.commands.simulate_tables import print_simulation
from tui.commands.strategy_name import StrategyName
from tui.services.jobs.learning import BUDGETS, draft_learning
from tui.services.jobs.run_plan import start_job
from tui.services.jobs.simulation import KEYS, MOST_STARTS, STARTS, draft_simulation
from tui.services.results.learning_curves import read_learning
from tui.services.results.simulation import read_simulation
from tui.services.workspace import Workspace

DatasetOption = Annotated[
    str,
    typer.Option(
        "--on", metavar="DATASET", help="A dataset with labels.", autocompletion=complete_datasets
    ),
]
StartsOption = Annotated[
    int, typer.Option(min=1, max=MOST_STARTS, help="From how many random starts.")
]

simulate_app = typer.Typer(help="Replay labelling on known labels.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.add_typer(simulate_app, name="simulate")


@simulate_app.callback()
def simulate() -> None:
    """Replay labelling on known labels."""


@simulate_app.command("labels")
def labels(
    context: typer.Context,
    dataset: DatasetOption,
    keys: Annotated[str, typer.Option(metavar="N,N", help="How many rows are decided.")] = ",".join(
        map(str, KEYS)
    ),
    starts: StartsOption = STARTS,
    as_json: JsonOption = False,
) -> None:
    """Compare ways of labelling on known labels: how many come out right for so many keys.

    The known label takes the annotator's place; no label is stored. Embeddings are those of the
    initial detector, of the encoder, and both; labels spread by cluster or are learned; what is
    decided are clusters, or what the model would learn from most.
    """
    workspace = open_workspace(context)
    with workspace.planning():
        with workspace.database() as database:
            counts = _parse_counts(keys, "--keys", KEYS)
            draft = draft_simulation(workspace, database, dataset, counts, starts)
        job = start_job(workspace, draft)
    _follow(workspace, job, draft, f"labelling of {dataset} is simulated", starts)
    with workspace.database() as database:
        found = read_simulation(workspace, database, job)
    if as_json:
        print_json(found)
    else:
        print_simulation(found)


@simulate_app.command("learning")
def learning(
    context: typer.Context,
    dataset: DatasetOption,
    strategies: Annotated[
        list[StrategyName] | None,
        typer.Option("--strategy", help="Compared with random choice; without it, all are."),
    ] = None,
    budgets: Annotated[
        str, typer.Option("--budget", metavar="N,N", help="How many rows are labelled.")
    ] = ",".join(map(str, BUDGETS)),
    starts: StartsOption = STARTS,
    detector: Annotated[
        str | None,
        typer.Option(
            help="Whose embeddings the rows get, in place of the encoder's.",
            autocompletion=complete_detectors,
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Compare ways of choosing what to label next, on known labels: learning curves.

    From the same random rows each strategy chooses more, up to each budget. A regression on frozen
    embeddings learns from them, and is tested on rows that none may choose; no detector is
    fine-tuned. The known label takes the annotator's place; no label is stored.
    """
    workspace = open_workspace(context)
    counts = _parse_counts(budgets, "--budget", BUDGETS)
    chosen = [name for name in STRATEGIES if not strategies or name in strategies]
    with workspace.planning():
        with workspace.database() as database:
            draft = draft_learning(workspace, database, dataset, chosen, counts, starts, detector)
        job = start_job(workspace, draft)
    _follow(workspace, job, draft, f"active learning on {dataset} is simulated", starts)
    with workspace.database() as database:
        found = read_learning(workspace, database, job)
    if as_json:
        print_json(found)
    else:
        print_learning(found)


def _parse_counts(text: str, option: str, example: Sequence[int]) -> tuple[int, ...]:
    """The numbers of an option. Raises typer.BadParameter."""
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isascii() and part.isdecimal() and int(part) >= 2 for part in parts):
        such = ",".join(map(str, example))
        raise typer.BadParameter(
            f"{text!r} is not a list of numbers from 2 up, such as {such}", param_hint=option
        )
    return tuple(map(int, parts))


def _follow(workspace: Workspace, job: JobFolder, draft: JobDraft, what: str, starts: int) -> None:
    for remark in draft.remarks:
        say(remark)
    say(f"Job {job.job_id}: {what} from {counted(starts, 'start')}")
    follow_job(workspace, job, console())
