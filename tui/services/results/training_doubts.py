"""What speaks against a training: too few rows of a label before it, a loss too high after it."""

from collections.abc import Collection, Sequence
from itertools import groupby
from math import log
from pathlib import Path
from typing import Final

import polars as pl

from engine.models.detector import detector_folder
from engine.training.curve import CurvePoint, read_kept_curve
from store.counting import counted
from store.detectors import DetectorRow

FEW: Final = 20  # rows of a label in a training stage
RARER: Final = 3  # times; so much rarer, positives among synthetic rows are doubted


def warn_of_rows(rows: pl.DataFrame, labels: Sequence[str]) -> tuple[str, ...]:
    """A sentence for each training stage with fewer than FEW rows of a label, in order.

    `rows` are those of a recipe (schema TRAINING_ROWS).
    """
    found = []
    for stage in rows["stage"].unique().sort():
        counts = dict(rows.filter(stage=stage)["label"].value_counts().iter_rows())
        few = [name for name in labels if counts.get(name, 0) < FEW]
        if few:
            said = ", ".join(f"{counted(counts.get(name, 0), 'row')} of {name}" for name in few)
            found.append(
                f"Stage {stage + 1} has only {said}: what {FEW} rows or fewer teach is mostly "
                "chance, and may undo what was learned before."
            )
    return tuple(found)


def warn_of_positives(rows: pl.DataFrame, positives: Collection[str]) -> tuple[str, ...]:
    """A sentence where synthetic rows are positive far more rarely than real ones.

    A detector then finds it easier to learn who wrote a text than what it says, and flags nothing
    that a model wrote. `rows` are those of a recipe (schema TRAINING_ROWS).
    """
    is_positive = pl.col("label").is_in(list(positives))
    counts = rows.unique(["source", "item_id"]).group_by("source").agg(
        pl.len().alias("rows"), is_positive.sum().alias("positive")
    )  # fmt: skip
    found = {source: (positive, total) for source, total, positive in counts.iter_rows()}
    if not {"real", "synthetic"} <= found.keys() or found["synthetic"][1] < FEW:
        return ()
    written, real = (positive / total for positive, total in (found["synthetic"], found["real"]))
    if written * RARER >= real:
        return ()
    positive, total = found["synthetic"]
    return (
        f"Of {counted(total, 'synthetic row')} only {positive:,} ({100 * written:.0f} %) are "
        f"positive, of the real ones {100 * real:.0f} %: a detector may learn that what a model "
        "wrote is negative, and find less of it than without. Decide more answers that are "
        "positive, have more of them written, or compare with a recipe of real rows.",
    )


def warn_of_losses(workspace: Path, detectors: Sequence[DetectorRow]) -> tuple[str, ...]:
    """A sentence for each later training stage of these whose loss was worse than guessing."""
    found = []
    for item in detectors:
        folder = detector_folder(workspace, item.detector_id)
        guessing = log(max(len(item.labels), 2))
        for stage, loss in _worst_losses(read_kept_curve(folder / "curve.json")):
            if stage > 0 and loss > guessing:
                found.append(
                    f"{item.name}: the loss of stage {stage + 1} reached {loss:.2f}, above "
                    f"{guessing:.2f}, which is what guessing among {len(item.labels)} labels has: "
                    "its rows contradict what was learned before. Lower its learning rate "
                    "([stage.training] in the recipe), or keep real rows in it."
                )
    return tuple(found)


def _worst_losses(points: Sequence[CurvePoint]) -> list[tuple[int, float]]:
    """The highest mean loss of an epoch, of each training stage; without losses, none."""
    worst: dict[int, float] = {}
    for (stage, _), steps in groupby(points, key=lambda point: (point.stage, point.epoch)):
        known = [(point.loss, point.rows) for point in steps if point.loss is not None]
        if known:
            mean = sum(loss * rows for loss, rows in known) / sum(rows for _, rows in known)
            worst[stage] = max(mean, worst.get(stage, 0.0))
    return sorted(worst.items())
