"""Learning curves as a picture: raw values faint behind smoothed ones, epochs, rows held out.

Lines differ in dashes and signs, so that no colour is needed.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from tui.screens.training.curves import smooth, spread_over
from tui.screens.training.plans import early_stops
from tui.screens.training.views import Drawing, DrawnCurve
from tui.screens.training.wording import EPOCH, HELD_OUT, LOWEST, STOPPED, describe_points
from tui.widgets.plot.picture import DASHES, FAINT_DASH, Entry, Line, Picture, Points, Rule, Spot

if TYPE_CHECKING:
    from tui.screens.training.curves import Curve

STYLES: Final = ("$foreground", "$label-1", "$label-2", "$label-3", "$label-4")
QUIET: Final = "$quiet"
HELD_STYLE: Final = "$warning"
SEEDS_SIGN: Final = "s"


def picture_of(drawing: Drawing) -> Picture | None:
    """The chart of a drawing; None without a curve."""
    if not drawing.curves:
        return None
    lines, raw, key = _lines(drawing), _raw(drawing), _key(drawing)
    first = drawing.curves[0].curve
    is_loss = drawing.quantity == "loss"
    held_out = tuple((float(rows), loss) for rows, loss in first.held_out) if is_loss else ()
    held = (Line(held_out, HELD_STYLE, DASHES[1]),) if held_out else ()
    spots = _spots(drawing.curves[0]) if is_loss else ()
    across = [x for line in lines for x, _ in line.points]
    up = [y for item in (*lines, *held) for _, y in item.points] + [spot.y for spot in spots]
    return Picture(
        "rows seen",
        drawing.quantity,
        (0.0, *across),
        (0.0, *up),
        (0, None),
        (0, None),
        lines=(*held, *lines, *raw),
        spots=spots,
        rules=tuple(Rule(float(start), QUIET) for start in first.stage_starts),
        key=(*key, *([Entry(HELD_OUT, "loss on the rows held out", HELD_STYLE, DASHES[1])]
                     if held_out else [])),
    )  # fmt: skip


def _lines(drawing: Drawing) -> tuple[Line, ...]:
    """The curves from the top; of seeds as one, the range behind their mean."""
    found, behind = [], []
    for number, item in enumerate(drawing.curves):
        if number == 0 and drawing.is_spread:
            own = spread_over(
                [(each.curve.rows, _values(each.curve, drawing)) for each in drawing.seeds]
            )
            rows = [float(value) for value in own.rows]
            found.append(Line(_points(rows, own.means), STYLES[0], sign=SEEDS_SIGN))
            behind += [
                Line(_points(rows, ends), QUIET, FAINT_DASH) for ends in (own.lows, own.highs)
            ]
            continue
        rows = [float(value) for value in item.curve.rows]
        style, dash = STYLES[number % len(STYLES)], DASHES[number % len(DASHES)]
        found.append(Line(_points(rows, _values(item.curve, drawing)), style, dash, item.sign))
    return (*found, *behind)


def _raw(drawing: Drawing) -> tuple[Line, ...]:
    """The losses before they were smoothed; the axis does not follow those far off."""
    if drawing.quantity != "loss" or not drawing.smoothing:
        return ()
    drawn = drawing.curves[1:] if drawing.is_spread else drawing.curves
    return tuple(
        Line(
            _points([float(rows) for rows in item.curve.rows], item.curve.losses), QUIET, FAINT_DASH
        )
        for item in drawn
    )


def _values(curve: "Curve", drawing: Drawing) -> Sequence[float | None]:
    if drawing.quantity == "learning rate":
        return curve.learning_rates
    return smooth(curve, drawing.smoothing)


def _points(rows: Sequence[float], values: Sequence[float | None]) -> Points:
    return tuple((x, y) for x, y in zip(rows, values, strict=True) if y is not None)


def _spots(item: DrawnCurve) -> tuple[Spot, ...]:
    """The mean loss of each epoch in its middle, the losses held out, and early stops."""
    curve = item.curve
    lowest = {(epoch.stage, epoch.number) for epoch in curve.lowest}
    starts = (0, *(epoch.rows for epoch in curve.epochs))
    means = [
        Spot((start + epoch.rows) / 2, epoch.loss, EPOCH, STYLES[0])
        for start, epoch in zip(starts, curve.epochs, strict=False)
        if epoch.loss is not None
    ]
    held = [
        Spot(
            float(x.rows),
            x.held_out,
            LOWEST if (x.stage, x.number) in lowest else HELD_OUT,
            HELD_STYLE,
        )
        for x in curve.epochs
        if x.held_out is not None
    ]
    stopped = [
        Spot(float(x.rows), 0.0, STOPPED, HELD_STYLE)
        for x, _ in early_stops(curve, item.plan, is_over=item.is_over)
    ]
    return (*means, *held, *stopped)


def _key(drawing: Drawing) -> tuple[Entry, ...]:
    entries = []
    for number, item in enumerate(drawing.curves):
        style, dash = STYLES[number % len(STYLES)], DASHES[number % len(DASHES)]
        text, sign = f"{item.name}, {describe_points(item.curve.steps_each)}", item.sign
        if number == 0 and drawing.is_spread:
            text = f"mean of {len(drawing.seeds)} seeds as {item.name}; dotted: lowest and highest"
            sign = SEEDS_SIGN
        entries.append(Entry(sign, text, style, dash))
    return tuple(entries)
