"""The command that replays labelling on known labels: simulate labels."""

from typing import Annotated

import typer

from engine.jobs.job import JobFolder
from tui.commands.completion import complete_datasets
from tui.commands.output import JsonOption, console, open_workspace, print_json, say
from tui.commands.progress import follow_job
from tui.commands.simulate_tables import print_simulation
from tui.services.jobs.run_plan import start_job
from tui.services.jobs.simulation import KEYS, MOST_STARTS, STARTS, draft_simulation
from tui.services.results.simulation import read_simulation
from tui.services.workspace import Workspace

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
    dataset: Annotated[
        str,
        typer.Option(
            "--on",
            metavar="DATASET",
            help="A dataset with labels.",
            autocompletion=complete_datasets,
        ),
    ],
    keys: Annotated[str, typer.Option(metavar="N,N", help="How many rows are decided.")] = ",".join(
        map(str, KEYS)
    ),
    starts: Annotated[
        int, typer.Option(min=1, max=MOST_STARTS, help="From how many random starts.")
    ] = STARTS,
    as_json: JsonOption = False,
) -> None:
    """Compare ways of labelling on known labels: how many come out right for so many keys.

    The known label takes the annotator's place; no label is stored. Embeddings are those of the
    initial detector, of the encoder, and both; labels spread by cluster or are learned; what is
    decided are clusters, or what the model would learn from most.
    """
    workspace = open_workspace(context)
    job = _run(workspace, dataset, _parse_keys(keys), starts)
    with workspace.database() as database:
        found = read_simulation(workspace, database, job)
    if as_json:
        print_json(found)
    else:
        print_simulation(found)


def _parse_keys(text: str) -> tuple[int, ...]:
    """The numbers of keys. Raises typer.BadParameter."""
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isascii() and part.isdecimal() and int(part) >= 2 for part in parts):
        raise typer.BadParameter(
            f"{text!r} is not a list of numbers from 2 up, such as 30,60,120", param_hint="--keys"
        )
    return tuple(map(int, parts))


def _run(workspace: Workspace, dataset: str, keys: tuple[int, ...], starts: int) -> JobFolder:
    with workspace.planning():
        with workspace.database() as database:
            draft = draft_simulation(workspace, database, dataset, keys, starts)
        job = start_job(workspace, draft)
    for remark in draft.remarks:
        say(remark)
    say(f"Job {job.job_id}: labelling of {dataset} is simulated from {starts} starts")
    follow_job(workspace, job, console())
    return job
