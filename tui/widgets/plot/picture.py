"""What a plot shows: lines, spots and rules over two axes, and a key to them."""

from dataclasses import dataclass, field
from typing import Final

SOLID: Final = "1"
DASHES: Final = (SOLID, "11110000", "1000", "1111001000")  # of lines beside each other
FAINT_DASH: Final = "100"

Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """Points that are connected, in the order given; `sign` appears on it now and then."""

    points: Points
    style: str
    dash: str = SOLID
    sign: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """A sign at a point; with `reach`, two values of y, a bar behind it."""

    x: float
    y: float
    sign: str
    style: str
    reach: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A vertical line at x, from the bottom to the top."""

    x: float
    style: str
    sign: str = "┊"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the key: a sign or a piece of line, and what it stands for."""

    sign: str
    text: str
    style: str
    dash: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """All that a plot draws, the first line on top.

    `across` and `up` name the axes, whose ranges follow `x_range` and `y_range`: values that they
    hold, none of them beyond `x_limits` and `y_limits`. Ticks below are at least `x_step` apart: 1
    for what is counted; with `x_names`, values in their order and what they are called, they are at
    as many of these as have room.
    """

    across: str
    up: str
    x_range: tuple[float, ...]
    y_range: tuple[float, ...]
    x_limits: tuple[float | None, float | None] = (None, None)
    y_limits: tuple[float | None, float | None] = (None, None)
    x_step: float = 0.0
    x_names: tuple[tuple[float, str], ...] = ()
    lines: tuple[Line, ...] = ()
    spots: tuple[Spot, ...] = ()
    rules: tuple[Rule, ...] = ()
    key: tuple[Entry, ...] = field(default=())
