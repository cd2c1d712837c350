"""Learning curves as they are drawn: thinned to points, smoothed, several of them as one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from engine.training.curve import CurvePoint

MOST_POINTS: Final = 160  # of a curve: enough for its shape on a wide screen


@dataclass(frozen=True, slots=True)
class Epoch:
    """An epoch that has ended or is under way: both 0-based, `rows` seen up to its last step.

    `loss` is the mean over its rows, `held_out` that on the rows held out once it has ended.
    """

    stage: int
    number: int
    rows: int
    loss: float | None
    held_out: float | None = None


@dataclass(frozen=True, slots=True)
class Curve:
    """A learning curve; `rows` are those seen up to a point, repeated epochs included.

    A point's loss is the mean over its rows, those of `steps_each` steps or, at the end of a
    training stage, fewer; None if no loss was finite. Its learning rate is that of its last
    step. `stage_starts` are the rows seen when a later training stage began. `rows_per_s` is over
    all of it, pauses left out.
    """

    rows: tuple[int, ...] = ()
    losses: tuple[float | None, ...] = ()
    learning_rates: tuple[float, ...] = ()
    steps: int = 0
    steps_each: int = 1
    epochs: tuple[Epoch, ...] = ()
    stage_starts: tuple[int, ...] = ()
    rows_per_s: float | None = None

    @property
    def held_out(self) -> tuple[tuple[int, float], ...]:
        """(rows seen, loss on the rows held out) of epochs."""
        return tuple(
            (item.rows, item.held_out) for item in self.epochs if item.held_out is not None
        )

    @property
    def lowest(self) -> tuple[Epoch, ...]:
        """The epoch with the lowest loss on the rows held out, of each training stage."""
        found: dict[int, Epoch] = {}
        for item in self.epochs:
            before = found.get(item.stage)
            if item.held_out is not None and (
                before is None or before.held_out is None or item.held_out < before.held_out
            ):
                found[item.stage] = item
        return tuple(found.values())


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
        epochs=tuple(_epochs(points, seen)),
        stage_starts=tuple(seen[start - 1] for start in starts),
        rows_per_s=seen[-1] / seconds if seconds > 0 else None,
    )


def _epochs(points: "Sequence[CurvePoint]", seen: Sequence[int]) -> Iterator[Epoch]:
    steps = zip(points, seen, strict=True)
    for (stage, number), group in groupby(steps, key=lambda step: _epoch(step[0])):
        own = list(group)
        last, rows = own[-1]
        yield Epoch(
            stage, number, rows, mean_loss([point for point, _ in own]), last.validation_loss
        )


def smooth(curve: Curve, strength: float) -> tuple[float | None, ...]:
    """The losses of a curve as an exponential moving mean; each training stage begins again.

    `strength` is how much of the mean stays in a step, from 0 to below 1. The first points count
    as the few that they are (the bias correction of Adam; Kingma and Ba, ICLR 2015). Unknown
    losses stay unknown.
    """
    kept = strength**curve.steps_each
    found: list[float | None] = []
    mean = weight = 0.0
    starts = set(curve.stage_starts)
    before = 0
    for rows, loss in zip(curve.rows, curve.losses, strict=True):
        if before in starts:
            mean = weight = 0.0
        before = rows
        if loss is None:
            found.append(None)
            continue
        mean, weight = kept * mean + (1 - kept) * loss, kept * weight + (1 - kept)
        found.append(mean / weight)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Spread:
    """Several curves as one: at each point that at least one has the mean, lowest and highest."""

    rows: tuple[int, ...]
    means: tuple[float, ...]
    lows: tuple[float, ...]
    highs: tuple[float, ...]


def spread_over(curves: Sequence[tuple[Sequence[int], Sequence[float | None]]]) -> Spread:
    """The spread of (rows, values) of several curves where they have been as far."""
    found: dict[int, list[float]] = {}
    for rows, values in curves:
        for place, value in zip(rows, values, strict=True):
            if value is not None:
                found.setdefault(place, []).append(value)
    known = sorted(found.items())
    return Spread(
        tuple(rows for rows, _ in known),
        tuple(sum(values) / len(values) for _, values in known),
        tuple(min(values) for _, values in known),
        tuple(max(values) for _, values in known),
    )


def mean_loss(points: "Sequence[CurvePoint]") -> float | None:
    """The mean loss over the steps' rows; None if no step has a finite loss."""
    known = [(point.loss, point.rows) for point in points if point.loss is not None]
    rows = sum(count for _, count in known)
    return sum(loss * count for loss, count in known) / rows if rows else None


def _epoch(point: "CurvePoint") -> tuple[int, int]:
    return point.stage, point.epoch


def _begins_stage(points: "Sequence[CurvePoint]", place: int) -> bool:
    return points[place].stage != points[place - 1].stage
