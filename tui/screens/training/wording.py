"""What the training screen says in sentences."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from store.counting import counted
from tui.screens.training.plans import early_stops
from tui.screens.training.tables import show_loss, show_rate
from tui.services.inert import one_line

if TYPE_CHECKING:
    from tui.screens.training.curves import Curve
    from tui.screens.training.views import Drawing, TrainingRow
    from tui.services.jobs.training_draft import TrainingDraft

EPOCH: Final = "○"  # the mean loss of an epoch
HELD_OUT: Final = "v"  # the loss on rows held out
LOWEST: Final = "★"  # the lowest of these
STOPPED: Final = "×"  # where a training stage stopped early
NO_CURVE: Final = "no curve was kept"


def describe_training(row: "TrainingRow", curve: "Curve | None") -> str:
    """How a training goes or went: newest loss, learning rate, throughput, time left."""
    words = [f"{one_line(row.name)}: {row.state}"]
    if curve is not None and curve.steps:
        known = [loss for loss in curve.losses if loss is not None]
        words += [
            counted(curve.steps, "step"),
            f"newest loss {show_loss(known[-1] if known else None)}",
            f"learning rate {curve.learning_rates[-1]:.2e}",
        ]
        words += _describe_epochs(row, curve)
    rate = row.rows_per_s or (curve.rows_per_s if curve else None)
    words += [f"{show_rate(rate)} rows/s"] if rate else []
    words += [f"{row.left} left"] if row.left else []
    words += [one_line(row.note)] if row.note else []
    return f"{', '.join(words).rstrip('.')}."


def _describe_epochs(row: "TrainingRow", curve: "Curve") -> list[str]:
    """The losses on rows held out, and which weights came of them."""
    words = []
    if curve.held_out:
        words.append(f"{show_loss(curve.held_out[-1][1])} on rows held out")
    for epoch in curve.lowest:
        keeps = epoch.stage < len(row.plan) and row.plan[epoch.stage].stops_early
        weights = "its weights are kept" if keeps else "the last weights are kept"
        words.append(
            f"lowest {show_loss(epoch.held_out)} after epoch {epoch.number + 1} ({weights})"
        )
    stops = early_stops(curve, row.plan, is_over=not row.is_under_way)
    words += [f"stopped after {epoch.number + 1} of {plan.epochs} epochs" for epoch, plan in stops]
    return words


def how_to_read(drawing: "Drawing") -> str:
    """What the signs on the chart mean, as far as they are there."""
    drawn = drawing.curves
    if not drawn:
        return ""
    first = drawn[0]
    marks = ["┊ a training stage begins"] if first.curve.stage_starts else []
    if drawing.quantity == "loss":
        marks.append(f"{EPOCH} mean of an epoch")
        marks += [f"{HELD_OUT} rows held out, {LOWEST} lowest"] if first.curve.held_out else []
        is_over = first.is_over
        if early_stops(first.curve, first.plan, is_over=is_over):
            marks.append(f"{STOPPED} stopped early")
    if drawing.quantity == "loss" and drawing.smoothing and not drawing.is_spread:
        marks.append("dotted: before smoothing")
    return f"Of {first.name}: {', '.join(marks)}." if marks else ""


def describe_points(steps: int) -> str:
    """What a point of a curve is."""
    return "each step" if steps == 1 else f"mean of {steps} steps"


def describe_preview(draft: "TrainingDraft", key: str) -> str:
    """How many rows a recipe has and what was left out; `key` trains on them."""
    preview = draft.preview
    left_out = (
        (preview.leaks, "too near to a benchmark"),
        (preview.conflicts, "with a text that is labelled in two ways"),
        (preview.duplicates, "with the text of another row of the stage"),
    )
    texts = ", ".join(f"{len(rows):,} {why}" for rows, why in left_out if rows) or "none"
    settings = "".join(
        f" Stage {number}: {one_line(_describe_settings(own))}."
        for number, own in enumerate(preview.stage_settings, start=1)
        if own
    )
    start = f"{key} trains on them."
    if draft.known:
        name = one_line(draft.known)
        start = f"{name} was trained on these rows in this way; {key} trains it again."
    warnings = "".join(f" ⚠ {one_line(warning)}" for warning in preview.warnings)
    held = one_line(preview.development.sentence)
    return f"{counted(preview.n, 'row')}. Left out: {texts}.{settings} {start} {held}{warnings}"


def _describe_settings(settings: Mapping[str, object]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in settings.items())
