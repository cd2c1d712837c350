"""The learning curve of a training: `curve.jsonl`, one line for each step, read while it runs.

Its lines are kept together with the checkpoints, so a resumed training has each step once.
"""

import json
import math
import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import SupportsFloat

from engine.jobs.parts import replacing

FLUSH_INTERVAL_S = 1.0  # reading a loss back makes a GPU wait


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """One step of the optimizer.

    `stage` and `epoch` are 0-based, `step` counts the steps of the training stage from 1 on.
    `loss` is the mean over the step's `rows`, null if it is not finite. `seconds` are those
    that all training took up to here, pauses left out. The last step of an epoch has the loss
    on the rows held out, if there are any.
    """

    stage: int
    epoch: int
    step: int
    rows: int
    loss: float | None
    learning_rate: float
    seconds: float
    validation_loss: float | None = None


def read_curve(path: Path) -> list[CurvePoint]:
    """The steps written so far, in order; none if there is no file yet."""
    return CurveReader(path).read()


def read_kept_curve(path: Path) -> list[CurvePoint]:
    """The steps of a detector's curve.json; none if it was adopted, or is broken."""
    try:
        return [CurvePoint(**point) for point in json.loads(path.read_bytes())]
    except (OSError, ValueError, TypeError):
        return []


class CurveReader:
    """Reads a curve that grows: each time what came since, or all where it was cut."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._inode = self._place = 0
        self._points: list[CurvePoint] = []

    def read(self) -> list[CurvePoint]:
        """All steps written so far, in order; none if there is no file yet."""
        if not self._path.exists():
            return []
        with self._path.open("rb") as file:
            status = os.fstat(file.fileno())
            if status.st_ino != self._inode or status.st_size < self._place:  # it was replaced
                self._inode, self._place, self._points = status.st_ino, 0, []
            file.seek(self._place)
            lines = file.read().splitlines(keepends=True)
        whole = [line for line in lines if line.endswith(b"\n")]  # the last may be half written
        self._place += sum(map(len, whole))
        self._points += [CurvePoint(**json.loads(line)) for line in whole]
        return list(self._points)


class CurveFile:
    """Appends steps to the curve, some at a time; `points` counts those added so far."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self.path, self._clock = path, clock
        self._waiting: list[tuple[CurvePoint, SupportsFloat]] = []
        self._flushed = clock()
        self.points = 0

    def keep(self, points: int) -> None:
        """Forget what comes after the first points: it will be done again."""
        self._waiting.clear()
        kept = self.path.read_bytes().splitlines(keepends=True)[:points] if points else []
        with replacing(self.path) as temporary:
            temporary.write_bytes(b"".join(kept))
        self.points = points

    def add(self, point: CurvePoint, loss: SupportsFloat) -> None:
        """Add a step; its loss may still be on its way from the device."""
        if self._clock() - self._flushed >= FLUSH_INTERVAL_S:
            self.flush()
        self._waiting.append((point, loss))
        self.points += 1

    def validated(self, loss: float) -> None:
        """Say the loss on the rows held out, after the step that was added last."""
        point, training_loss = self._waiting.pop()
        self._waiting.append((replace(point, validation_loss=loss), training_loss))

    def flush(self) -> None:
        """Write all steps; they are on the disk when this returns."""
        self._flushed = self._clock()
        losses = [float(loss) for _, loss in self._waiting]
        with self.path.open("a", encoding="utf-8") as file:
            for (point, _), loss in zip(self._waiting, losses, strict=True):
                known = replace(point, loss=loss if math.isfinite(loss) else None)
                file.write(json.dumps(asdict(known)) + "\n")
            file.flush()
            os.fsync(file.fileno())
        self._waiting.clear()
