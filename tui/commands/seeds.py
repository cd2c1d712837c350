"""The command that makes seeds of what a deployed guard got wrong: seeds."""

from typing import Annotated

import typer

from store.counting import counted
from tui.commands.completion import complete_datasets
from tui.commands.output import JsonOption, open_workspace, print_json, require_name, tell
from tui.services.files.seed_copies import CopiedFailures, copy_failures


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command("seeds")(seeds)


def seeds(
    context: typer.Context,
    dataset: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="DATASET",
            help="The production whose patterns were labelled.",
            autocompletion=complete_datasets,
        ),
    ],
    name: Annotated[
        str,
        typer.Option(
            "--as",
            metavar="NAME",
            callback=require_name,
            help="The dataset of seeds; it may be new.",
            autocompletion=complete_datasets,
        ),
    ],
    as_json: JsonOption = False,
) -> None:
    """Make seeds of labelled production that the guard got wrong: false alarms and misses.

    `backquery run` then writes more of their kind. Rows that are seeds already are left as they
    are, so it can be done again after each round of labels.
    """
    workspace = open_workspace(context)
    with workspace.database() as database:
        copied = copy_failures(workspace, database, dataset, name)
    if as_json:
        print_json(copied)
        return
    for line in _describe(copied):
        tell(line)


def _describe(copied: CopiedFailures) -> list[str]:
    """What was copied, in sentences, and what to do next."""
    dataset, wrong = copied.dataset, copied.false_alarms + copied.misses
    lines = []
    if wrong:
        lines += [
            f"The guard got {counted(wrong, 'labelled text')} of {dataset} wrong: "
            f"{counted(copied.false_alarms, 'false alarm')}, "
            f"{counted(copied.misses, 'miss', 'misses')}, {counted(copied.patterns, 'pattern')}.",
            f"New seeds in {copied.seeds}: {copied.new:,}.",
        ]
    else:
        lines.append(f"No labelled row of {dataset} is one that the guard got wrong.")
    if copied.known:
        lines.append(f"Seeds already, and left as they are: {copied.known:,}.")
    if copied.contradicted:
        lines.append(f"Left out, since equal texts have other labels: {copied.contradicted:,}.")
    if copied.relabelled:
        lines.append(f"Seeds that got the labels that their rows have now: {copied.relabelled:,}.")
    if copied.new:
        lines.append(f"Next: backquery run --dataset {copied.seeds}")
    elif not wrong:
        lines.append(f"Next: label its patterns (backquery patterns --on {dataset}).")
    return lines
