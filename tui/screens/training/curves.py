"""Learning curves as they are drawn: thinned to points that are means over some steps."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from engine.training.curve import CurvePoint

MOST_POINTS: Final = 60  # of a curve: enough for its shape, and few enough to be calm


@dataclass(frozen=True, slots=True)
class Curve:
    """A learning curve; `rows` are those seen up to a point, repeated epochs included.

    A point's loss is the mean over its rows, those of `steps_each` steps or, at the end of a
    training stage, fewer; None if no loss was finite. Its learning rate is that of its last
    step. `held_out` has (rows seen, loss on the rows held out) of epochs. `stage_starts` are the
    rows seen when a later training stage began. `rows_per_s` is over all of it, pauses left out.
    """

    rows: tuple[int, ...] = ()
    losses: tuple[float | None, ...] = ()
    learning_rates: tuple[float, ...] = ()
    steps: int = 0
    steps_each: int = 1
    held_out: tuple[tuple[int, float], ...] = ()
    stage_starts: tuple[int, ...] = ()
    rows_per_s: float | None = None


def thin_curve(points: "Sequence[CurvePoint]") -> Curve:
    """A curve with at most MOST_POINTS points, and one more for each training stage."""
    if not points:
        return Curve()
    each = 1
    while len(points) > MOST_POINTS * each:
        each *= 2  # rarely, so that a growing curve keeps its points
    seen = list(accumulate(point.rows for point in points))
    starts = [place for place in range(1, len(points)) if _begins_stage(points, place)]
    ends = [
        min(first + each, end)
        for begin, end in zip([0, *starts], [*starts, len(points)], strict=True)
        for first in range(begin, end, each)
    ]
    parts = zip([0, *ends], ends, strict=False)
    seconds = points[-1].seconds
    return Curve(
        rows=tuple(seen[end - 1] for end in ends),
        losses=tuple(mean_loss(points[begin:end]) for begin, end in parts),
        learning_rates=tuple(points[end - 1].learning_rate for end in ends),
        steps=len(points),
        steps_each=each,
        held_out=tuple(
            (rows, point.validation_loss)
            for rows, point in zip(seen, points, strict=True)
            if point.validation_loss is not None
        ),
        stage_starts=tuple(seen[start - 1] for start in starts),
        rows_per_s=seen[-1] / seconds if seconds > 0 else None,
    )


def newest_epoch(points: "Sequence[CurvePoint]") -> "Sequence[CurvePoint]":
    """The steps of the epoch that came last."""
    first = len(points)
    while first and _epoch(points[first - 1]) == _epoch(points[-1]):
        first -= 1
    return points[first:]


def mean_loss(points: "Sequence[CurvePoint]") -> float | None:
    """The mean loss over the steps' rows; None if no step has a finite loss."""
    known = [(point.loss, point.rows) for point in points if point.loss is not None]
    rows = sum(count for _, count in known)
    return sum(loss * count for loss, count in known) / rows if rows else None


def count_epochs(points: "Sequence[CurvePoint]") -> int:
    """How many epochs have begun, over all training stages."""
    return len({_epoch(point) for point in points})


def _epoch(point: "CurvePoint") -> tuple[int, int]:
    return point.stage, point.epoch


def _begins_stage(points: "Sequence[CurvePoint]", place: int) -> bool:
    return points[place].stage != points[place - 1].stage
