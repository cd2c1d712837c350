"""What the training screen says in sentences."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui.inert import one_line
from tui.widgets.training_tables import show_loss, show_rate

if TYPE_CHECKING:
    from tui.curves import Curve
    from tui.trainingviews import PreviewView, TrainingRow

NO_CURVE = "no step is known; a detector that was brought along has none"


def describe_training(row: "TrainingRow", curve: "Curve | None") -> str:
    """Return how a training goes or went: newest loss, learning rate, throughput, time left."""
    words = [f"{one_line(row.name)}: {row.state}"]
    if curve is not None and curve.steps:
        known = [loss for loss in curve.losses if loss is not None]
        words += [
            f"{curve.steps:,} steps",
            f"newest loss {show_loss(known[-1] if known else None)}",
            f"learning rate {curve.learning_rates[-1]:.2e}",
        ]
        if curve.held_out:
            words.append(f"{show_loss(curve.held_out[-1][1])} on rows held out")
    rate = row.rows_per_s or (curve.rows_per_s if curve else None)
    words += [f"{show_rate(rate)} rows/s"] if rate else []
    words += [f"{row.left} left"] if row.left else []
    words += [one_line(row.note)] if row.note else []
    return f"{', '.join(words).rstrip('.')}."


def how_to_read(drawn: "Sequence[tuple[str, Curve]]", quantity: str) -> str:
    """Return how to read the curves, which have their names beside them."""
    text = "│ a training stage begins."
    if quantity != "loss" or not drawn:
        return text
    sizes = {curve.steps_each for _, curve in drawn}
    if len(sizes) == 1:
        return f"A point is {_mean(sizes.pop())}. {text}"
    each = ", ".join(f"{one_line(name)} {_mean(curve.steps_each)}" for name, curve in drawn)
    return f"A point is: {each}. {text}"


def _mean(steps: int) -> str:
    return "one step" if steps == 1 else f"the mean of {steps} steps"


def describe_preview(preview: "PreviewView", key: str) -> str:
    """Return how many rows a recipe has and what was left out; `key` trains on them."""
    left_out = (
        (preview.leaks, "too near to a benchmark"),
        (preview.conflicts, "with a text that is labelled in two ways"),
        (preview.duplicates, "with the text of another row of the stage"),
    )
    texts = ", ".join(f"{count:,} {why}" for count, why in left_out)
    settings = "".join(f" {one_line(text)}" for text in preview.settings)
    known = f" {key} trains on them."
    if preview.known:
        name = one_line(preview.known)
        known = f" {name} was trained on these rows in this way; {key} trains it again."
    return f"{preview.rows:,} rows. Left out: {texts}.{settings}{known}"
