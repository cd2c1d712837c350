"""Commands around labelling: label, clusters.

What the app does not need is imported inside, so that the labelling screen opens quickly.
"""

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from store.counting import counted
from tui.commands.output import JsonOption, open_workspace, print_json, print_table, say
from tui.commands.screens import open_screen

if TYPE_CHECKING:
    from tui.services.workspace import Workspace


class Purpose(StrEnum):
    """What rows of production are selected for."""

    patterns = "patterns"
    recall = "recall"
    queue = "queue"


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command("label")(label)
    app.command("clusters")(clusters)


def label(
    context: typer.Context,
    from_: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="FILE.csv",
            help="Take decisions from this file, with columns cluster_id and label.",
        ),
    ] = None,
    annotator: Annotated[
        str | None, typer.Option(help="Record the decisions as this person's; yours if not given.")
    ] = None,
    dataset: Annotated[
        str | None,
        typer.Option(help="Show only clusters with rows of this dataset."),
    ] = None,
    selected: Annotated[
        Purpose | None,
        typer.Option(help="Show only rows of production that were selected for this."),
    ] = None,
) -> None:
    """Open the labelling screen, or take decisions from a file as one undoable action."""
    if from_ is None and (dataset is not None or selected is not None):
        _show_only(open_workspace(context), dataset, selected, annotator)
    if from_ is None:
        open_screen(context.obj, "label", annotator)
        return
    from tui.services.files.label_file import label_from_file

    workspace = open_workspace(context)
    with workspace.database() as database:
        count = label_from_file(workspace, database, from_, annotator=annotator)
    say(f"Took {counted(count, 'decision')} from {from_}.")


def _show_only(
    workspace: "Workspace", dataset: str | None, selected: Purpose | None, annotator: str | None
) -> None:
    """Let Label open on some of the clusters, as if the annotator had filtered so."""
    from store.datasets import require_dataset
    from tui.screens.label.filters import Filter
    from tui.screens.label.place import read_place, write_place

    if dataset is not None:
        with workspace.database() as database:
            require_dataset(database, dataset)
    chosen = Filter(dataset=dataset, selected=selected.value if selected else None)
    name = annotator or workspace.settings.annotator
    place = read_place(workspace.path, name)
    write_place(workspace.path, name, replace(place, cluster_id=None, filter=chosen))


def clusters(context: typer.Context, as_json: JsonOption = False) -> None:
    """List the clusters with representative, size and label."""
    from tui.services.results.clusters import summarise_clusters

    workspace = open_workspace(context)
    with workspace.database() as database:
        found = summarise_clusters(database)
    if as_json:
        print_json(found)
        return
    print_table(
        ["cluster", "predicted", "size", "label", "representative"],
        [
            [
                item.cluster_id[:10],
                item.predicted_label,
                item.size,
                item.label or item.decision,
                item.representative.text[:80],
            ]
            for item in found
        ],
    )
