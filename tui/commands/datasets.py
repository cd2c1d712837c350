"""Commands that list datasets and change them: datasets, and its rename, relabel and remove."""

from typing import Annotated

import typer

from store.counting import counted
from store.labels import relabel_dataset
from store.removal import remove_dataset
from store.renaming import rename_dataset
from tui.commands.completion import complete_datasets
from tui.commands.output import (
    JsonOption,
    label_map,
    open_workspace,
    print_json,
    print_table,
    require_name,
    say,
)
from tui.services.results.datasets import DatasetStatus, read_datasets
from tui.services.workspace import Workspace

WithAnswers = Annotated[
    bool,
    typer.Option(
        "--with-answers",
        help="Go on even if questions and answers hang on its rows; they are removed.",
    ),
]

datasets_app = typer.Typer(help="List datasets; rename, relabel or remove one.")


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
    workspace.require_no_running_job()
    with workspace.database() as database:
        rename_dataset(database, dataset, name, with_answers=with_answers)
    say(f"{dataset} is called {name} now.")
    _say_recipes(workspace, dataset)


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
    workspace.require_no_running_job()
    changes = label_map(map_ or [])
    for label in [*changes.values(), *([label_all] if label_all else [])]:
        _require_label(workspace, label)
    with workspace.database() as database:
        rows = relabel_dataset(database, dataset, changes, label_all, with_answers=with_answers)
    say(f"Another label now: {counted(rows, 'row')} of {dataset}.")


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
    workspace.require_no_running_job()
    with workspace.database() as database:
        removed = remove_dataset(database, dataset, with_answers=with_answers)
    say(f"Removed {dataset}: {counted(removed.samples, 'row')}.")
    if removed.queries:
        say(
            f"With them went {counted(removed.queries, 'question')}, "
            f"{counted(removed.answers, 'answer')} and {counted(removed.decisions, 'decision')}."
        )
    _say_recipes(workspace, dataset)


def _require_label(workspace: Workspace, label: str) -> None:
    if label not in workspace.task.labels:
        raise typer.BadParameter(
            f"{label!r} is not a label of this task. "
            f"Its labels: {', '.join(workspace.task.labels)}."
        )


def _say_recipes(workspace: Workspace, dataset: str) -> None:
    """Name the recipes that ask for a dataset by its name, which they do not find any more."""
    for recipe in workspace.recipes():
        sources = [source for stage in recipe.stage for source in stage.source]
        if any(dataset in source.datasets for source in sources if source.datasets != "all"):
            say(f"recipes/{recipe.name}.toml still names {dataset}: change it there.")
