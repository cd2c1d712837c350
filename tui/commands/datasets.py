"""Commands that list datasets and change them: datasets, and its rename, relabel and remove."""

from collections.abc import Sequence
from typing import Annotated

import typer

from store.reading.options import Role
from tui.commands.completion import complete_datasets
from tui.commands.imports import RoleName
from tui.commands.output import (
    JsonOption,
    label_map,
    open_workspace,
    print_json,
    print_table,
    require_name,
    say,
)
from tui.services import dataset_changes
from tui.services.results.datasets import DatasetStatus, read_datasets
from tui.services.workspace import Workspace

WithAnswers = Annotated[
    bool,
    typer.Option(
        "--with-answers",
        help="Go on even if questions and answers hang on its rows; they are removed.",
    ),
]

datasets_app = typer.Typer(
    help="List datasets; rename, relabel or remove one, or change its roles."
)


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.add_typer(datasets_app, name="datasets", invoke_without_command=True)


@datasets_app.callback()
def datasets(context: typer.Context, as_json: JsonOption = False) -> None:
    """List the datasets: their roles, rows, labels, and the files they were imported from."""
    if context.invoked_subcommand is not None:
        return

    workspace = open_workspace(context)
    with workspace.database() as database:
        found = read_datasets(database)
    if as_json:
        print_json(found)
    elif not found:
        say(
            "There is no dataset yet; `backquery import FILE --dataset NAME --role seed` makes one."
        )
    else:
        print_table(
            ["dataset", "roles", "rows", "labels", "files"],
            [
                [item.dataset, ", ".join(item.roles), item.rows, _labels(item), _files(item)]
                for item in found
            ],
        )


def _labels(item: DatasetStatus) -> str:
    unlabelled = {"none": item.unlabelled} if item.unlabelled else {}
    counts = (*item.labels.items(), *unlabelled.items())
    return ", ".join(f"{label} {rows:,}" for label, rows in counts) or "–"


def _files(item: DatasetStatus) -> str:
    return ", ".join(item.files) or "–"


@datasets_app.command("rename")
def rename(
    context: typer.Context,
    dataset: Annotated[
        str, typer.Argument(help="The dataset's name.", autocompletion=complete_datasets)
    ],
    name: Annotated[str, typer.Argument(callback=require_name, help="The dataset's new name.")],
    with_answers: WithAnswers = False,
) -> None:
    """Give a dataset another name; all that hangs on it stays."""
    workspace = open_workspace(context)
    with workspace.database() as database:
        _say(dataset_changes.rename(workspace, database, dataset, name, with_answers=with_answers))


@datasets_app.command("relabel")
def relabel(
    context: typer.Context,
    dataset: Annotated[
        str, typer.Argument(help="The dataset's name.", autocompletion=complete_datasets)
    ],
    map_: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="OLD=LABEL",
            help="Give rows of label OLD another one; =LABEL is for rows without a label.",
        ),
    ] = None,
    label_all: Annotated[
        str | None, typer.Option(metavar="LABEL", help="Give every row this label.")
    ] = None,
    with_answers: WithAnswers = False,
) -> None:
    """Change labels of a dataset's rows; evaluations are then about the new ones."""
    if bool(map_) == bool(label_all):
        raise typer.BadParameter("give --map OLD=LABEL, as often as needed, or --label-all LABEL")
    workspace = open_workspace(context)
    changes = label_map(map_ or [])
    for label in [*changes.values(), *([label_all] if label_all else [])]:
        _require_label(workspace, label)
    with workspace.database() as database:
        _say(
            dataset_changes.relabel(
                workspace, database, dataset, changes, label_all, with_answers=with_answers
            )
        )


@datasets_app.command("remove")
def remove(
    context: typer.Context,
    dataset: Annotated[
        str, typer.Argument(help="The dataset's name.", autocompletion=complete_datasets)
    ],
    with_answers: WithAnswers = False,
) -> None:
    """Remove a dataset, and with --with-answers all that was made from its rows."""
    workspace = open_workspace(context)
    with workspace.database() as database:
        _say(dataset_changes.remove(workspace, database, dataset, with_answers=with_answers))


@datasets_app.command("roles")
def roles(
    context: typer.Context,
    dataset: Annotated[
        str, typer.Argument(help="The dataset's name.", autocompletion=complete_datasets)
    ],
    role: Annotated[list[RoleName], typer.Option(help="What it is for; may be given again.")],
) -> None:
    """Give a dataset these roles in place of those that it has."""
    workspace = open_workspace(context)
    wanted: tuple[Role, ...] = tuple(item.value for item in role)
    with workspace.database() as database:
        _say(dataset_changes.change_roles(workspace, database, dataset, wanted))


def _say(lines: Sequence[str]) -> None:
    for line in lines:
        say(line)


def _require_label(workspace: Workspace, label: str) -> None:
    if label not in workspace.task.labels:
        raise typer.BadParameter(
            f"{label!r} is not a label of this task. "
            f"Its labels: {', '.join(workspace.task.labels)}."
        )
