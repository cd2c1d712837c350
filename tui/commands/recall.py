"""The command that estimates what a guard misses: recall."""

from typing import Annotated

import typer

from store.observed import Selection
from tui.commands.completion import complete_datasets, complete_detectors
from tui.commands.output import JsonOption, console, open_workspace, print_json, say
from tui.commands.progress import follow_job, is_busy
from tui.commands.recall_tables import print_recall
from tui.services.bounds import MOST_ROWS
from tui.services.jobs.recall import (
    BINS,
    LEAST_SAMPLE,
    MOST_BINS,
    SAMPLE,
    RecallRequest,
    draft_labelling,
    find_sample,
    take_sample,
)
from tui.services.jobs.run_plan import start_job
from tui.services.results.flagger_names import GUARD
from tui.services.results.recall import read_recall
from tui.services.workspace import Workspace


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command("recall")(recall)


def recall(
    context: typer.Context,
    on: Annotated[
        str,
        typer.Option(
            metavar="DATASET", help="A dataset of production.", autocompletion=complete_datasets
        ),
    ],
    sample: Annotated[
        int | None,
        typer.Option(
            min=LEAST_SAMPLE,
            max=MOST_ROWS,
            help=f"Draw a sample of so many rows, at first {SAMPLE}.",
        ),
    ] = None,
    bins: Annotated[
        int | None,
        typer.Option(min=1, max=MOST_BINS, help=f"Draw it from so many strata, at first {BINS}."),
    ] = None,
    detector: Annotated[
        str,
        typer.Option(
            help="Of which detector, run on the dataset before; if not given, of the guard.",
            autocompletion=complete_detectors,
        ),
    ] = GUARD,
    as_json: JsonOption = False,
) -> None:
    """Estimate what a guard misses, from a labelled sample of what it did not flag.

    At first, and where --sample or --bins is given, a sample is drawn, more of it where scores are
    high, and made ready for the Label screen, one row a key. Then the command says what its labels
    tell so far: misses per 10,000, and recall, by the precision that labelled patterns show.
    """
    workspace = open_workspace(context)
    selection = _prepare(workspace, RecallRequest(on, detector, sample, bins))
    with workspace.database() as database:
        found = read_recall(workspace, database, detector, selection)
    if as_json:
        print_json(found)
    else:
        print_recall(found)


def _prepare(workspace: Workspace, request: RecallRequest) -> Selection:
    """The sample, drawn and with its job done where it was not yet."""
    if not request.is_of_another and is_busy(workspace):
        with workspace.database() as database:
            known = find_sample(workspace, database, request)
        if known is not None:
            return known
    with workspace.planning():
        with workspace.database() as database:
            selection = take_sample(workspace, database, request)
            draft = draft_labelling(workspace, database, selection.selection_id)
        job = start_job(workspace, draft) if draft else None
    if job is not None:
        say(f"Job {job.job_id}: the sample is made ready to be labelled")
        follow_job(workspace, job, console())
    return selection
