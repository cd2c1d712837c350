"""Axes whose ticks are round numbers and whose range follows the data."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, isfinite, log10
from typing import Final

ROUND: Final = (1, 2, 2.5, 5, 10)  # steps between ticks, times a power of ten
SLACK: Final = 1e-9  # of a step: what floating point adds to a value that is on a tick
SMALLEST: Final = 1e-3  # steps below it are written with an exponent


@dataclass(frozen=True, slots=True)
class Axis:
    """A range, `low` below `high`, with its ticks, ascending and `step` apart."""

    low: float
    high: float
    step: float
    ticks: tuple[float, ...]

    def share(self, value: float) -> float:
        """How far along the axis a value is, from 0 to 1 within it."""
        return (value - self.low) / (self.high - self.low)

    def label(self, tick: float) -> str:
        """A tick as it is written, with as many digits as ticks need to differ."""
        if self.step < SMALLEST:
            return "0" if abs(tick) < self.step * SLACK else self._in_powers(tick)
        digits = next(n for n in range(6) if abs(self.step - round(self.step, n)) < SLACK)
        return f"{tick:,.{digits}f}"

    def _in_powers(self, tick: float) -> str:
        texts = ([f"{each:.{digits}e}" for each in (tick, *self.ticks)] for digits in range(1, 17))
        return next(found[0] for found in texts if len(set(found[1:])) == len(self.ticks))


def round_axis(
    values: Sequence[float], most: int, *, least: float | None = None, limit: float | None = None
) -> Axis:
    """An axis that holds finite values with at most `most` ticks, one of them at either end.

    They may be three if `most` is two: between ticks on either side of 0 there is one at it.
    It goes neither below `least` nor above `limit`, beyond which there are no values. Values that
    are all the same get a range around them; without any it is from 0 to 1.
    """
    known = [value for value in values if isfinite(value)] or [0.0, 1.0]
    low, high = min(known), max(known)
    if high - low <= SLACK * max(1.0, abs(high)):
        margin = abs(high) / 10 or 1.0
        low, high = low - margin, high + margin
    low = low if least is None else max(low, least)
    high = high if limit is None else min(high, limit)
    step = _step(high - low, max(most - 1, 1))
    while True:
        first, last = floor(low / step + SLACK), ceil(high / step - SLACK)
        if last - first < max(most, 3):
            break
        step = _step(step * 1.01, 1)
    ticks = tuple(number * step for number in range(first, last + 1))
    begin = ticks[0] if least is None else max(ticks[0], least)
    end = ticks[-1] if limit is None else min(ticks[-1], limit)
    return Axis(begin, end, step, tuple(tick for tick in ticks if begin <= tick <= end))


def _step(span: float, parts: int) -> float:
    """The smallest round number of which so many span it."""
    wanted = span / parts
    power = 10.0 ** floor(log10(wanted))
    return next(float(factor * power) for factor in ROUND if factor * power >= wanted * (1 - SLACK))
