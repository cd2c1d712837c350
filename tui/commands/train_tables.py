"""Shows what a recipe would train on: rows, and what was left out with its reason."""

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from store.counting import counted
from tui.commands.output import print_table, say
from tui.services.results.training_preview import LeftOutRow, TrainingPreview

Row = TypeVar("Row", bound=LeftOutRow)

SHOWN: Final = 10  # rows of each kind that was left out
TEXT: Final = 60  # characters of a text in a table


def print_preview(preview: TrainingPreview) -> None:
    """Print how many rows there are of what, and the first of those that were left out."""
    print_table(
        ["stage", "source", "dataset", "label", "rows"],
        [[row.stage, row.source, row.dataset, row.label, row.rows] for row in preview.rows],
        title=f"Recipe {preview.recipe}",
    )
    for number, settings in enumerate(preview.stage_settings, start=1):
        if settings:
            named = ", ".join(f"{name} = {value}" for name, value in settings.items())
            say(f"Stage {number} is trained with {named}.")
    _print_left_out(
        preview.leaks, "too near to a benchmark, left out",
        ["whose text", "reason", "similarity", "text", "benchmark", "benchmark's text"],
        lambda row: [row.leaked, row.reason, row.similarity, _cut(row.leaked_text),
                     row.benchmark, _cut(row.benchmark_text)],
    )  # fmt: skip
    _print_left_out(
        preview.conflicts, "with a text that is labelled in two ways, left out",
        ["conflict", "label", "text"],
        lambda row: [row.conflict, row.label, _cut(row.text)],
    )  # fmt: skip
    _print_left_out(
        preview.duplicates, "with the text of another row of the stage, kept once",
        ["label", "kept", "text"],
        lambda row: [row.label, row.kept_id, _cut(row.text)],
    )  # fmt: skip

    say(preview.development.sentence)
    _warn(preview)


def print_outcome(found: TrainingPreview) -> None:
    """Print whether the training made the detector better, and what speaks against it."""
    if found.against_initial is not None:
        say(found.against_initial.sentence)
    _warn(found)


def _warn(preview: TrainingPreview) -> None:
    for warning in preview.warnings:
        say(f"Warning: {warning}")


def _print_left_out(
    rows: Sequence[Row], what: str, columns: list[str], cells: Callable[[Row], list[object]]
) -> None:
    if not rows:
        return
    print_table(
        ["stage", "dataset", "row", *columns],
        [[row.stage, row.dataset, row.item_id, *cells(row)] for row in rows[:SHOWN]],
        title=f"{counted(len(rows), 'row')} {what}",
    )
    if len(rows) > SHOWN:
        say(f"… and {len(rows) - SHOWN:,} more; `--preview --json` lists all.")


def _cut(text: str) -> str:
    return f"{text[: TEXT - 1]}…" if len(text) > TEXT else text
