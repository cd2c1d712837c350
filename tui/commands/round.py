"""The command that turns the loop: round."""

from typing import Annotated

import typer

from tui.commands.completion import complete_datasets, complete_detectors, complete_recipes
from tui.commands.output import JsonOption, console, open_workspace, print_json, say, tell
from tui.commands.round_tables import print_rounds
from tui.commands.turning import describe_wait, turn
from tui.services.jobs.rounds import RoundRequest
from tui.services.results.round_words import describe_round
from tui.services.results.rounds import read_rounds


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command("round")(round_command)


def round_command(
    context: typer.Context,
    dataset: Annotated[
        str,
        typer.Option(
            "--on",
            metavar="DATASET",
            help="The dataset of production that the log was imported into.",
            autocompletion=complete_datasets,
        ),
    ],
    detector: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="The deployed detector, if it is one of the workspace; else the guard is known by "
            "its log.",
            autocompletion=complete_detectors,
        ),
    ] = None,
    recipe: Annotated[
        str,
        typer.Option(help="What the next detector is trained by.", autocompletion=complete_recipes),
    ] = "production",
    sample: Annotated[
        int,
        typer.Option(min=0, help="So many passed rows are labelled, to estimate what is missed."),
    ] = 60,
    go_on: Annotated[
        bool, typer.Option("--go-on", help="Leave undecided what nobody labelled, and go on.")
    ] = False,
    show: Annotated[
        bool, typer.Option("--show", help="Do nothing; show the rounds there were.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Turn the loop once: from a guard's log by your labels to its successor, and compare both.

    It goes on wherever it stopped: patterns, labels, seeds of what went wrong, answers, training,
    shadow. Where a person is due, it says so and ends.
    """
    workspace = open_workspace(context)
    if not show:
        request = RoundRequest(dataset, detector, recipe, sample, go_on)
        turned = turn(workspace, request, console())
        if turned.waits_for_person:
            say(describe_wait(turned))
    with workspace.database() as database:
        found = read_rounds(workspace, database, dataset)
    if as_json:
        print_json(found)
    else:
        print_rounds(found)
        if found.rounds:
            tell(describe_round(found.rounds[-1]))
