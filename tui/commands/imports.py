"""The command that brings data in."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from store.counting import counted
from store.reading.arrivals import arrive
from store.reading.options import ImportOptions, Role
from tui.commands.output import label_map, open_workspace, print_json, require_name, say
from tui.services.files.imports import ImportReport, import_files


class RoleName(StrEnum):
    """The roles a dataset can have."""

    seed = "seed"
    train = "train"
    benchmark = "benchmark"
    production = "production"


class Turn(StrEnum):
    """Whose turn of a chat is the text."""

    assistant = "assistant"
    user = "user"


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command("import")(import_command)


def import_command(
    context: typer.Context,
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Files to take in; - is standard input.")
    ],
    dataset: Annotated[
        str, typer.Option(callback=require_name, help="The dataset they belong to.")
    ],
    role: Annotated[list[RoleName], typer.Option(help="May be given several times.")],
    text: Annotated[str | None, typer.Option(metavar="COL", help="Column of the text.")] = None,
    label: Annotated[str | None, typer.Option(metavar="COL", help="Column of the label.")] = None,
    map_: Annotated[
        list[str] | None, typer.Option("--map", metavar="RAW=LABEL", help="Translate a label.")
    ] = None,
    label_all: Annotated[
        str | None, typer.Option(metavar="LABEL", help="One label for every row.")
    ] = None,
    id_: Annotated[str | None, typer.Option("--id", metavar="COL", help="Your own id.")] = None,
    group: Annotated[
        str | None, typer.Option(metavar="COL", help="What must stay together in a split.")
    ] = None,
    turn: Annotated[
        Turn | None, typer.Option(help="Of chats, whose last turn is the text: the assistant's.")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Take the rows in place of those of the dataset.")
    ] = False,
    with_answers: Annotated[
        bool, typer.Option("--with-answers", help="With --replace: remove answers of old rows.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Take rows in from CSV, TSV, JSONL, JSON, Parquet, Arrow, text or a `datasets` folder.

    Packed files are read as they are. Columns are named, or numbered from 1 where the file has no
    header. The same file again, with other options, brings in what is missing.
    """
    roles: tuple[Role, ...] = tuple(item.value for item in role)
    options = ImportOptions(
        dataset=dataset,
        roles=roles,
        text_column=text,
        label_column=label,
        label_map=label_map(map_ or []),
        label_for_all=label_all,
        id_column=id_,
        group_column=group,
        turn=turn.value if turn else None,
    )
    workspace = open_workspace(context)
    if replace:
        workspace.require_no_running_job()
    with arrive(files) as sources, workspace.database() as database:
        report = import_files(
            workspace, database, sources, options, replace=replace, with_answers=with_answers
        )
    if as_json:
        print_json(report.summarise())
    else:
        _say_report(report, dataset)


def _say_report(report: ImportReport, dataset: str) -> None:
    for name in report.known:
        say(f"{name}: {dataset} holds this very file already; nothing was added.")
    for counts in report.counts:
        say(
            f"{counts.file}: {counted(counts.taken, 'row')} in, {counts.rejected:,} rejected, "
            f"{counted(counts.duplicates, 'duplicate')}"
        )
    changes = report.changes
    if changes.known:
        say(f"Not doubled: {counted(changes.known, 'row')} that {dataset} had already.")
    if changes.relabelled:
        say(f"Relabelled as in this file: {counted(changes.relabelled, 'row')} of those.")
    if changes.held_out:
        say(f"Left in the benchmark held out of {dataset}: {counted(changes.held_out, 'row')}.")
    if changes.removed:
        say(f"Removed: {counted(changes.removed, 'row')} that {dataset} had before.")
    for remark in report.remarks:
        say(remark)
    if report.rejects_file:
        say(f"The rejected rows and their reasons are in {report.rejects_file}")
        say("Import that file, or this one again, with the options that it names.")
