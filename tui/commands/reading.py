"""Commands that show figures: drift, compare, evaluate."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from tui.commands.common import (
    JsonOption,
    console,
    open_workspace,
    print_json,
    print_table,
    say,
    show_share,
)
from tui.errors import NothingToDo

if TYPE_CHECKING:
    from tui.workspace import Workspace


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command("drift")(drift)
    app.command("evaluate")(evaluate)
    app.command("compare")(compare)


def drift(context: typer.Context, as_json: JsonOption = False) -> None:
    """Show how far the answers are from their seeds: BERTScore by dataset and seed label."""
    from tui.figures import drift_figures

    workspace = open_workspace(context)
    with workspace.database() as database:
        figures = drift_figures(database)
    if as_json:
        print_json(figures)
    elif not figures["groups"]:
        say("No answer has a drift score yet; `backquery run drift` makes them.")
    else:
        print_drift(figures)


def print_drift(figures: dict[str, Any]) -> None:
    """Print the drift table."""
    print_table(
        ["dataset", "seed label", "n", "precision", "recall", "F1", "95 % interval", "floor F1"],
        [
            [
                group["dataset"] or "all",
                group["seed_label"] or "all",
                group["n"],
                group["precision"],
                group["recall"],
                group["f1"],
                "{:.4f}–{:.4f}".format(*group["interval"]) if group["interval"] else None,
                group["floor_f1"],
            ]
            for group in figures["groups"]
        ],
        title="BERTScore of answers against their seeds; the floor is that of shuffled pairs",
    )


def evaluate(
    context: typer.Context,
    detector: Annotated[str, typer.Argument(help="Its name or id.")],
    on: Annotated[str, typer.Option(help="A labelled dataset.")],
    as_json: JsonOption = False,
) -> None:
    """Judge a detector on a labelled dataset."""
    from store.detectors import find_detector

    workspace = open_workspace(context)
    with workspace.database() as database:
        chosen = [find_detector(database, detector).detector_id]
    judge(workspace, chosen, on)
    _show_comparison(workspace, on, chosen, as_json, with_confusion=True)


def compare(
    context: typer.Context,
    on: Annotated[str, typer.Option(help="A labelled dataset, as a rule a benchmark.")],
    as_json: JsonOption = False,
) -> None:
    """Judge every detector on a dataset, where that was not done yet, and compare them."""
    from store.datasets import require_dataset
    from store.detectors import list_detectors

    workspace = open_workspace(context)
    with workspace.database() as database:
        require_dataset(database, on)
        chosen = [item.detector_id for item in list_detectors(database)]
    if not chosen:
        raise NothingToDo("There is no detector yet; `backquery train RECIPE` makes one.")
    judge(workspace, chosen, on)
    _show_comparison(workspace, on, chosen, as_json)


def judge(workspace: "Workspace", detector_ids: list[str], dataset: str) -> None:
    """Run the evaluations that are missing, and wait for them."""
    from tui.following import follow_job
    from tui.runs import JobDraft, start_job
    from tui.training import evaluation_due

    with workspace.database() as database:
        due = evaluation_due(workspace, database, detector_ids, dataset)
    if due is None:
        return
    stage, tables = due
    draft = JobDraft()
    draft.add(stage, tables["samples"].height, **tables)
    follow_job(workspace, start_job(workspace, draft), console())


def _show_comparison(
    workspace: "Workspace",
    dataset: str,
    detector_ids: list[str],
    as_json: bool,
    *,
    with_confusion: bool = False,
) -> None:
    from tui.figures import comparison_figures

    with workspace.database() as database:
        figures = comparison_figures(workspace, database, dataset, detector_ids)
    if as_json:
        print_json(figures)
        return
    print_comparison(figures)
    if with_confusion:
        for row in figures["rows"]:
            print_confusion(row["confusion"])


def print_confusion(matrix: dict[str, Any]) -> None:
    """Print the confusion matrix over all labels: a row a true label, a column a predicted one."""
    print_table(
        ["true ↓ predicted →", *matrix["labels"]],
        [[label, *counts] for label, counts in zip(matrix["labels"], matrix["rows"], strict=True)],
    )


def print_comparison(figures: dict[str, Any]) -> None:
    """Print the comparison table in per cent, with intervals."""
    measures = ["accuracy", "precision", "recall", "f1", "fpr"]
    print_table(
        ["detector", "recipe", *measures],
        [
            [row["detector"], row["recipe"]]
            + [show_share(row[name], row["intervals"][name]) for name in measures]
            for row in figures["rows"]
        ],
        title=f"{figures['benchmark']}, n = {figures['n']:,}: per cent (95 % interval)",
    )
