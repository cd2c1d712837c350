"""Commands that make a workspace, hold rows out, and take data out: init, split, export."""

import json
import shlex
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import polars as pl
import typer

from store.counting import counted
from store.database.connection import Database
from store.datasets import group_column, split_dataset
from store.errors import ImportRefused
from store.export import (
    export_drift,
    export_labels,
    export_pairs,
    export_predictions,
    write_frame,
)
from tui.commands.completion import complete_datasets, complete_detectors, complete_recipes
from tui.commands.encoding import encode
from tui.commands.output import open_workspace, require_name, say
from tui.services.bounds import MOST_SEED
from tui.services.files.correction_export import export_rows
from tui.services.files.exports import copy_detector, describe_provenance, training_frame
from tui.services.learning import make_labels_fresh
from tui.services.results.drift import read_drift
from tui.services.results.drift_scores import read_config
from tui.services.settings import samples
from tui.services.workspace import Workspace

FIRST_IMPORTS: Final = {
    "text": (
        "abstracts.csv",
        "--dataset seeds --role seed --text text --label label",
        "That file has sample seeds of health-advice",
    ),
    "pair": (
        "off-topic.jsonl",
        "--dataset off-topic --role benchmark --context context --text text --label label "
        "--group group --dimension case --dimension industry --dimension application",
        "That file is a sample benchmark of off-topic",
    ),
}
"""By the task's kind, what a new workspace proposes: a sample file, how, and what it is."""


class ExportKind(StrEnum):
    """What can be exported."""

    labels = "labels"
    pairs = "pairs"
    drift = "drift"
    predictions = "predictions"
    training_set = "training-set"
    corrections = "corrections"
    detector = "detector"


class LayoutName(StrEnum):
    """How rows to fine-tune a chat model on are laid out."""

    sft = "sft"
    preference = "preference"


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command("init")(init)
    app.command("split")(split)
    app.command("export")(export)


def init(
    folder: Annotated[Path, typer.Argument(help="The folder to make; it must be new or empty.")],
    task: Annotated[
        str,
        typer.Option(help="Take this task: health-advice, off-topic, prompt-leak, or a TOML file."),
    ] = "health-advice",
    preset: Annotated[
        str, typer.Option(help="Take the settings from this preset: embedded or paper.")
    ] = "embedded",
) -> None:
    """Make a workspace."""
    workspace = Workspace.create(folder, task=task, preset=preset)
    say(f"Made the workspace {workspace.path} (task {workspace.task.name}, preset {preset}).")
    here = shlex.quote(str(folder))
    name, options, what = FIRST_IMPORTS[workspace.task.kind]
    say(f"Next: backquery -w {here} import {shlex.quote(str(samples() / name))} {options}")
    say(f"{what}; name your own file in its place, and its columns.")
    say(f"Or backquery -w {here} opens the app, which imports too, and says what comes next.")


def split(
    context: typer.Context,
    dataset: Annotated[
        str,
        typer.Argument(help="The dataset to hold rows out of.", autocompletion=complete_datasets),
    ],
    holdout: Annotated[int, typer.Option(min=1, help="Hold out so many rows.")],
    name: Annotated[
        str, typer.Option("--as", callback=require_name, help="Give the new benchmark this name.")
    ],
    by: Annotated[
        str | None,
        typer.Option(metavar="COL", help="Keep rows with the same value here on one side."),
    ] = None,
    seed: Annotated[
        int, typer.Option(min=0, max=MOST_SEED, help="Draw the rows under this random seed.")
    ] = 0,
) -> None:
    """Hold rows out as a benchmark, whole groups and equal texts on one side."""
    workspace = open_workspace(context)
    with workspace.database() as database:
        _check_group(database, dataset, by)
        rows, groups = split_dataset(database, dataset, holdout, seed=seed, name=name)
    held_out = f"{counted(rows, 'row')} in {counted(groups, 'group')}"
    say(f"Held out {held_out} of {dataset} as the benchmark {name}.")


def _check_group(database: Database, dataset: str, by: str | None) -> None:
    imported = group_column(database, dataset)
    if by is not None and by != imported:
        grouped = f"by {imported!r}" if imported else "without --group"
        raise ImportRefused(
            f"{dataset!r} was imported {grouped}, so it cannot be split by {by!r}. "
            f"Import it into a new dataset with --group {by}."
        )


def export(
    context: typer.Context,
    what: Annotated[ExportKind, typer.Argument(help="What to export.")],
    to: Annotated[
        Path, typer.Option(help="Write to this .parquet, .jsonl or .csv file, or to a new folder.")
    ],
    recipe: Annotated[
        str,
        typer.Option(
            help="With training-set: export the rows of this recipe.",
            autocompletion=complete_recipes,
        ),
    ] = "two-stage",
    detector: Annotated[
        str | None,
        typer.Option(
            help="With detector: export the one of this name or id.",
            autocompletion=complete_detectors,
        ),
    ] = None,
    onnx: Annotated[
        bool, typer.Option("--onnx", help="With detector: write model.onnx too.")
    ] = False,
    layout: Annotated[
        LayoutName,
        typer.Option(
            "--as",
            help="With corrections: write TRL's messages, or pairs of a chosen and a rejected "
            "answer.",
        ),
    ] = LayoutName.sft,
) -> None:
    """Write labels, pairs, drift, predictions, a training set, corrections or a detector.

    A card of where it comes from goes with it.
    """
    workspace = open_workspace(context)
    with workspace.database() as database:
        make_labels_fresh(workspace, database)
        about = encode(describe_provenance(workspace, database, what.value))
        if what is ExportKind.detector:
            chosen = copy_detector(workspace, database, detector, to, with_onnx=onnx)
            card = to / "provenance.json"
            text = json.dumps(about | {"detector": encode(chosen)}, indent=1)
            card.write_text(f"{text}\n", encoding="utf-8")
            say(f"Wrote {to} and its card {card}")
            return
        if what is ExportKind.corrections:
            frame, corrections = export_rows(workspace, database, layout.value)
            about["corrections"] = encode(corrections)
        else:
            frame = _read_rows(workspace, database, what, recipe)
        if what is ExportKind.drift:
            about["figures"] = encode(read_drift(database))
        card = write_frame(frame, to, about)
    say(f"Wrote {counted(frame.height, 'row')} to {to}, and the card {card}")


def _read_rows(
    workspace: Workspace, database: Database, what: ExportKind, recipe: str
) -> pl.DataFrame:
    config = read_config(database).config_hash
    return {
        ExportKind.labels: lambda: export_labels(database),
        ExportKind.pairs: lambda: export_pairs(database, config),
        ExportKind.drift: lambda: export_drift(database, config),
        ExportKind.predictions: lambda: export_predictions(database),
        ExportKind.training_set: lambda: training_frame(workspace, database, recipe),
    }[what]()
