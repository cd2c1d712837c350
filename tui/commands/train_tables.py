"""Shows what a recipe would train on: rows, and what was left out with its reason."""

from typing import TYPE_CHECKING, Any, Final

from store.counting import counted
from tui.commands.output import print_table, say

if TYPE_CHECKING:
    import polars as pl

    from store.training import TrainingSet

SHOWN: Final = 10  # rows of each kind that was left out
TEXT: Final = 60  # characters of a text in a table


def preview_figures(rows: "TrainingSet") -> dict[str, Any]:
    """Return a training set but for the texts of its rows, whole numbers and shares as they are.

    Stages count from 1, as on the screen.
    """
    return {
        "recipe": rows.recipe,
        "digest": rows.digest,
        "n": rows.rows.height,
        "stage_settings": list(rows.stage_settings),
        "rows": _dicts(rows.counts()),
        "leaks": _dicts(rows.leaks),
        "conflicts": _dicts(rows.conflicts),
        "duplicates": _dicts(rows.duplicates),
    }


def _dicts(frame: "pl.DataFrame") -> list[dict[str, Any]]:
    return [row | {"stage": row["stage"] + 1} for row in frame.to_dicts()]


def print_preview(rows: "TrainingSet") -> None:
    """Print how many rows there are of what, and the first of those that were left out."""
    print_table(["stage", "source", "dataset", "label", "rows"], [
        [stage + 1, *rest] for stage, *rest in rows.counts().rows()
    ], title=f"Recipe {rows.recipe}")  # fmt: skip
    for number, settings in enumerate(rows.stage_settings, start=1):
        if settings:
            named = ", ".join(f"{name} = {value}" for name, value in settings.items())
            say(f"Stage {number} is trained with {named}.")
    _print_left_out(
        rows.leaks, "too near to a benchmark, left out",
        {"leaked": "whose text", "reason": "reason", "similarity": "similarity",
         "leaked_text": "text", "benchmark": "benchmark", "benchmark_text": "benchmark's text"},
    )  # fmt: skip
    _print_left_out(
        rows.conflicts, "with a text that is labelled in two ways, left out",
        {"conflict": "conflict", "label": "label", "text": "text"},
    )  # fmt: skip
    _print_left_out(
        rows.duplicates, "with the text of another row of the stage, kept once",
        {"label": "label", "kept_id": "kept", "text": "text"},
    )  # fmt: skip


def _print_left_out(frame: "pl.DataFrame", what: str, columns: dict[str, str]) -> None:
    if frame.is_empty():
        return
    shown = {"stage": "stage", "dataset": "dataset", "item_id": "row"} | columns
    found = frame.head(SHOWN).select(list(shown)).to_dicts()
    print_table(
        list(shown.values()), [[_cell(*item) for item in row.items()] for row in found],
        title=f"{counted(frame.height, 'row')} {what}",
    )  # fmt: skip
    if frame.height > SHOWN:
        say(f"… and {frame.height - SHOWN:,} more; `--preview --json` lists all.")


def _cell(name: str, value: Any) -> object:
    if name == "stage":
        return value + 1
    if name.endswith("text") and len(value) > TEXT:
        return f"{value[: TEXT - 1]}…"
    return value
