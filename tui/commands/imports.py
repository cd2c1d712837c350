"""The command that brings data in."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from store.reading.arrivals import arrive
from store.reading.options import ImportOptions, Role
from tui.commands.completion import complete_datasets
from tui.commands.log_imports import FormatName, LogRequest, import_logs_command
from tui.commands.output import label_map, open_workspace, print_json, require_name, tell
from tui.services.bounds import MOST_SEED
from tui.services.files.imports import describe_import, import_files


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
        str,
        typer.Option(
            callback=require_name,
            help="Name the dataset that the rows belong to; it may be new.",
            autocompletion=complete_datasets,
        ),
    ],
    role: Annotated[
        list[RoleName],
        typer.Option(help="Say what the dataset is for; may be given several times."),
    ],
    text: Annotated[
        str | None, typer.Option(metavar="COL", help="Read the text from this column.")
    ] = None,
    context_: Annotated[
        str | None,
        typer.Option("--context", metavar="COL", help="Read a pair's context from this column."),
    ] = None,
    label: Annotated[
        str | None, typer.Option(metavar="COL", help="Read the label from this column.")
    ] = None,
    map_: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="RAW=LABEL",
            help="Translate the file's label RAW; may be given several times.",
        ),
    ] = None,
    label_all: Annotated[
        str | None, typer.Option(metavar="LABEL", help="Give every row this label.")
    ] = None,
    id_: Annotated[
        str | None,
        typer.Option("--id", metavar="COL", help="Read your own id of a row from this column."),
    ] = None,
    group: Annotated[
        str | None,
        typer.Option(metavar="COL", help="Keep rows with the same value here together in a split."),
    ] = None,
    dimension: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COL",
            help="Show where detectors err by the values here, too; may be given several times.",
        ),
    ] = None,
    pair_with: Annotated[
        str | None,
        typer.Option(
            metavar="DATASET",
            help="Give rows without a context one drawn at random from this dataset of pairs.",
            autocompletion=complete_datasets,
        ),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=MOST_SEED,
            help="With --pair-with: draw under this random seed; that of workspace.toml if not "
            "given.",
        ),
    ] = None,
    turn: Annotated[
        Turn | None,
        typer.Option(
            help="Take the last turn of this role from chats; the assistant's if not given."
        ),
    ] = None,
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Take the rows in place of those that the dataset has."),
    ] = False,
    with_answers: Annotated[
        bool,
        typer.Option("--with-answers", help="With --replace: remove the answers of old rows too."),
    ] = False,
    format_: Annotated[
        FormatName | None,
        typer.Option(
            "--format",
            help="Read logs of deployed guards, laid out so; auto finds the layout. With --role "
            "production.",
        ),
    ] = None,
    redact: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Take out of logs what the expressions of this TOML file match, before anything "
            "is stored.",
        ),
    ] = None,
    follow: Annotated[
        bool,
        typer.Option("--follow", help="Go on taking logs in while they are written, until Ctrl-C."),
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON instead of sentences.")
    ] = False,
) -> None:
    """Take rows in from CSV, TSV, JSONL, JSON, Parquet, Arrow, text or a `datasets` folder.

    Packed files are read as they are. Columns are named, or numbered from 1 where the file has no
    header. The same file again, with other options, brings in what is missing. Logs of guards come
    in with what the guard said; a log that has grown is read on from where it ended.
    """
    if seed is not None and pair_with is None:
        raise typer.BadParameter("says how contexts are drawn: add --pair-with.",
                                 param_hint="--seed")  # fmt: skip
    meanings = label_map(map_ or [])
    workspace = open_workspace(context)
    drawn_by = workspace.settings.seed if seed is None else seed
    roles: tuple[Role, ...] = tuple(item.value for item in role)
    options = ImportOptions(
        dataset=dataset,
        roles=roles,
        text_column=text,
        context_column=context_,
        label_column=label,
        label_map=meanings,
        label_for_all=label_all,
        id_column=id_,
        group_column=group,
        dimension_columns=tuple(dimension or ()),
        pair_with=pair_with,
        pair_seed=drawn_by if pair_with else 0,
        turn=turn.value if turn else None,
    )
    request = LogRequest(format_, redact, follow, as_json)
    if import_logs_command(workspace, files, options, request, replace=replace):
        return
    if replace:
        workspace.require_no_running_job()
    with arrive(files) as sources, workspace.database() as database:
        report = import_files(
            workspace, database, sources, options, replace=replace, with_answers=with_answers
        )
    if as_json:
        print_json(report.summarise())
    else:
        for line in describe_import(report, dataset):
            tell(line)
