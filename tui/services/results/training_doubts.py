"""What speaks against a training: too few rows of a label before it, a loss too high after it."""

from collections.abc import Sequence
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
