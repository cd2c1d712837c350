"""The command that runs a new detector beside the old one on production: shadow."""

from typing import Annotated

import typer

from tui.commands.completion import complete_datasets, complete_detectors
from tui.commands.output import JsonOption, console, open_workspace, print_json, say
from tui.commands.progress import follow_job
from tui.commands.shadow_tables import print_shadow
from tui.services.jobs.run_plan import start_job
from tui.services.jobs.shadow import draft_shadow
from tui.services.results.shadow import read_shadow
from tui.services.workspace import Workspace


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command("shadow")(shadow)


def shadow(
    context: typer.Context,
    new: Annotated[
        str, typer.Argument(help="The new detector.", autocompletion=complete_detectors)
    ],
    against: Annotated[
        str,
        typer.Option(
            metavar="OLD",
            help="The old detector, or guard: the verdicts in the log.",
            autocompletion=complete_detectors,
        ),
    ],
    on: Annotated[
        str,
        typer.Option(
            metavar="DATASET", help="A dataset of production.", autocompletion=complete_datasets
        ),
    ],
    as_json: JsonOption = False,
) -> None:
    """Run a new detector beside the old one on the same rows: PROMOTE, KEEP or UNDECIDED.

    Which verdicts change, in which direction, by pattern, with the texts. On labelled rows that
    neither was trained on, recall and false alarms of both: PROMOTE if recall is kept within a
    margin and false alarms are fewer, both by intervals; margin and level are in workspace.toml.
    """
    workspace = open_workspace(context)
    _run(workspace, new, against, on)
    with workspace.database() as database:
        found = read_shadow(workspace, database, on, new, against)
    if as_json:
        print_json(found)
    else:
        print_shadow(found)


def _run(workspace: Workspace, new: str, old: str, dataset: str) -> None:
    """Run what did not run on all rows of the dataset yet, and wait for it."""
    with workspace.planning():
        with workspace.database() as database:
            draft = draft_shadow(workspace, database, dataset, new, old).draft
        if draft.has("judge"):
            workspace.require_no_running_job()  # it may be asking already, and replies cost money
        job = start_job(workspace, draft) if draft.planned else None
    if job is not None:
        say(f"Job {job.job_id}: {new} and {old} run on {dataset}")
        follow_job(workspace, job, console())
