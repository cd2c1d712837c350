"""Commands around labelling: label, clusters."""

from pathlib import Path
from typing import Annotated

import typer

from store.counting import counted
from tui.commands.output import JsonOption, open_workspace, print_json, print_table, say
from tui.frame import collector
from tui.services.errors import NotAWorkspace
from tui.services.terminal import require_terminal


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command("label")(label)
    app.command("clusters")(clusters)


def open_screen(folder: Path, screen: str, annotator: str | None = None) -> None:
    """Open the app on one of its screens; `annotator` takes the place of the configured one."""
    if not (folder / "workspace.toml").is_file():
        raise NotAWorkspace(
            f"{folder.resolve()} is not a workspace. Make one with `backquery init DIR`, name one "
            "with -w, or see `backquery demo`; `backquery --help` lists all commands."
        )
    require_terminal()
    collector.pause()  # until the app has begun
    from tui.app import run_app
    from tui.services.configuration import Configuration

    configuration = Configuration.open(folder)
    run_app(configuration.of_annotator(annotator) if annotator else configuration, screen)


def label(
    context: typer.Context,
    from_: Annotated[
        Path | None,
        typer.Option("--from", metavar="FILE.csv", help="Take decisions: cluster_id,label."),
    ] = None,
    annotator: Annotated[
        str | None, typer.Option(help="Whose decisions these are; your own without it.")
    ] = None,
) -> None:
    """Open the labelling screen, or take decisions from a file as one undoable action."""
    if from_ is None:
        open_screen(context.obj, "label", annotator)
        return
    from tui.services.files.label_file import label_from_file

    workspace = open_workspace(context)
    with workspace.database() as database:
        count = label_from_file(workspace, database, from_, annotator=annotator)
    say(f"Took {counted(count, 'decision')} from {from_}.")


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
