"""Commands that bring data in and take it out: init, import, split, export."""

import re
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from store.errors import ImportRefused
from tui.bounds import MOST_SEED
from tui.commands.common import open_workspace, print_json, say

if TYPE_CHECKING:
    from store.database import Database
    from store.importing import Role
    from tui.importing import ImportReport


def dataset_name(name: str) -> str:
    """Return a name that can be part of a file's name. Raises typer.BadParameter else."""
    from tui.settings import NAME_PATTERN

    if not re.match(NAME_PATTERN, name):
        raise typer.BadParameter(
            f"{name!r} is no name: use letters, digits, dots, plus signs, underscores and hyphens."
        )
    return name


class RoleName(StrEnum):
    """The roles a dataset can have."""

    seed = "seed"
    train = "train"
    benchmark = "benchmark"
    production = "production"


class ExportKind(StrEnum):
    """What can be exported."""

    labels = "labels"
    pairs = "pairs"
    drift = "drift"
    predictions = "predictions"
    training_set = "training-set"
    detector = "detector"


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command("init")(init)
    app.command("import")(import_command)
    app.command("split")(split)
    app.command("export")(export)


def init(
    folder: Annotated[Path, typer.Argument(help="A new folder.")],
    task: Annotated[str, typer.Option(help="health-advice, or a TOML file.")] = "health-advice",
    preset: Annotated[str, typer.Option(help="embedded or paper.")] = "embedded",
) -> None:
    """Make a workspace."""
    from tui.workspace import Workspace

    workspace = Workspace.create(folder, task=task, preset=preset)
    say(f"Made the workspace {workspace.path} (task {workspace.task.name}, preset {preset}).")
    say(f"Next: backquery -w {folder} import FILE --dataset NAME --role seed")


def import_command(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Files to take in.")],
    dataset: Annotated[
        str, typer.Option(callback=dataset_name, help="The dataset they belong to.")
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
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Take rows in from CSV, TSV, JSONL, JSON, Parquet, plain text or a `datasets` folder.

    Columns are named, or numbered from 1 where the file has no header.
    """
    from store.importing import ImportOptions
    from tui.importing import import_files

    roles: tuple[Role, ...] = tuple(item.value for item in role)
    options = ImportOptions(
        dataset=dataset,
        roles=roles,
        text_column=text,
        label_column=label,
        label_map=_label_map(map_ or []),
        label_for_all=label_all,
        id_column=id_,
        group_column=group,
    )
    workspace = open_workspace(context)
    with workspace.database() as database:
        report = import_files(workspace, database, files, options)
    if as_json:
        print_json(_report_json(report))
    else:
        _say_report(report, dataset)


def _label_map(pairs: list[str]) -> dict[str, str]:
    found = {}
    for pair in pairs:
        raw, equals, label = pair.rpartition("=")
        if not equals or not label:
            raise typer.BadParameter(f"{pair!r} is not RAW=LABEL", param_hint="--map")
        found[raw] = label
    return found


def _report_json(report: "ImportReport") -> dict[str, object]:
    return {
        "rows_in": sum(item.taken for item in report.counts),
        "rejected": sum(item.rejected for item in report.counts),
        "duplicates": sum(item.duplicates for item in report.counts),
        "new": report.new,
        "known_files": list(report.known),
        "rejects_file": str(report.rejects_file) if report.rejects_file else None,
        "remarks": list(report.remarks),
    }


def _say_report(report: "ImportReport", dataset: str) -> None:
    for name in report.known:
        say(f"{name}: {dataset} holds this very file already; nothing was added.")
    for counts in report.counts:
        say(
            f"{counts.file}: {counts.taken:,} rows in, {counts.rejected:,} rejected, "
            f"{counts.duplicates:,} duplicates"
        )
    taken = sum(item.taken for item in report.counts)
    if report.new != taken:
        say(f"{taken - report.new:,} of these rows were in {dataset} already and were not doubled.")
    for remark in report.remarks:
        say(remark)
    if report.rejects_file:
        say(f"The rejected rows and their reasons are in {report.rejects_file}")


def split(
    context: typer.Context,
    dataset: Annotated[str, typer.Argument()],
    holdout: Annotated[int, typer.Option(min=1, help="Rows to hold out.")],
    name: Annotated[
        str, typer.Option("--as", callback=dataset_name, help="Name of the new benchmark.")
    ],
    by: Annotated[str | None, typer.Option(metavar="COL", help="The group column.")] = None,
    seed: Annotated[int, typer.Option(min=0, max=MOST_SEED, help="Of the draw.")] = 0,
) -> None:
    """Hold rows out as a benchmark, whole groups and equal texts on one side."""
    from store.datasets import split_dataset

    workspace = open_workspace(context)
    with workspace.database() as database:
        _check_group(database, dataset, by)
        rows, groups = split_dataset(database, dataset, holdout, seed=seed, name=name)
    say(f"Held out {rows:,} rows in {groups:,} groups of {dataset} as the benchmark {name}.")


def _check_group(database: "Database", dataset: str, by: str | None) -> None:
    from store.datasets import group_column

    imported = group_column(database, dataset)
    if by is not None and by != imported:
        grouped = f"by {imported!r}" if imported else "without --group"
        raise ImportRefused(
            f"{dataset!r} was imported {grouped}, so it cannot be split by {by!r}. "
            f"Import it into a new dataset with --group {by}."
        )


def export(
    context: typer.Context,
    what: Annotated[ExportKind, typer.Argument()],
    to: Annotated[Path, typer.Option(help=".parquet, .jsonl, .csv, or a new folder.")],
    recipe: Annotated[str, typer.Option(help="For training-set.")] = "two-stage",
    detector: Annotated[str | None, typer.Option(help="For detector: its name or id.")] = None,
    onnx: Annotated[bool, typer.Option("--onnx", help="For detector: model.onnx too.")] = False,
) -> None:
    """Write labels, pairs, drift, predictions, a training set or a detector, and a card with it."""
    from store.export import (
        export_drift,
        export_labels,
        export_pairs,
        export_predictions,
        write_frame,
    )
    from tui.drifting import drift_config_figures, drift_figures
    from tui.exporting import export_detector, provenance, training_frame

    workspace = open_workspace(context)
    with workspace.database() as database:
        if what is ExportKind.detector:
            card = export_detector(workspace, database, detector, to, with_onnx=onnx)
        else:
            config = drift_config_figures(database)["config_hash"]
            frame = {
                ExportKind.labels: lambda: export_labels(database),
                ExportKind.pairs: lambda: export_pairs(database, config),
                ExportKind.drift: lambda: export_drift(database, config),
                ExportKind.predictions: lambda: export_predictions(database),
                ExportKind.training_set: lambda: training_frame(workspace, database, recipe),
            }[what]()
            about = provenance(workspace, database, what.value)
            if what is ExportKind.drift:
                about["figures"] = drift_figures(database)
            card = write_frame(frame, to, about)
    say(f"Wrote {to} and its card {card}")
