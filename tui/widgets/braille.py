"""Points as braille: a cell of the terminal has two by four dots, and so dots are square."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

ACROSS, DOWN = 2, 4  # dots in a cell
STRETCHED: Final = 2.0
BLANK: Final = 0x2800
BITS: Final = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))  # by row, then column

Kinds = dict[tuple[int, int], int]


@dataclass(frozen=True, slots=True)
class Scale:
    """How places become dots; y points upwards. What was fitted has the room's middle."""

    left: float
    top: float
    across: float  # of the places' units, in a dot
    down: float

    @classmethod
    def fit(cls, xs: Iterable[float], ys: Iterable[float], columns: int, rows: int) -> "Scale":
        """The largest scale at which all places are within so many cells.

        Where the room has another shape than the places, the direction that leaves some of it
        empty is stretched, but at most STRETCHED times.
        """
        (least_x, most_x), (least_y, most_y) = _ends(xs), _ends(ys)
        dots_across, dots_down = ACROSS * columns - 1, DOWN * rows - 1
        across, down = (most_x - least_x) / dots_across, (most_y - least_y) / dots_down
        least = max(across, down) / STRETCHED or 1.0
        across, down = max(across, least), max(down, least)
        left = (least_x + most_x) / 2 - across * dots_across / 2
        top = (least_y + most_y) / 2 + down * dots_down / 2
        return cls(left, top, across, down)

    def dot(self, x: float, y: float) -> tuple[int, int]:
        """The dot of a place, as (column, row)."""
        return round((x - self.left) / self.across), round((self.top - y) / self.down)

    def cell(self, x: float, y: float) -> tuple[int, int]:
        """The cell of a place, as (column, row)."""
        column, row = self.dot(x, y)
        return column // ACROSS, row // DOWN


def _ends(values: Iterable[float]) -> tuple[float, float]:
    found = sorted(values)
    return (found[0], found[-1]) if found else (0.0, 0.0)


def draw_points(
    points: Iterable[tuple[float, float, int]], scale: Scale
) -> tuple[dict[tuple[int, int], str], Kinds]:
    """The braille of each cell that has a point, and the commonest kind of its points.

    Points are (x, y, kind), cells (column, row). Of equally common kinds the smallest is taken.
    """
    bits: dict[tuple[int, int], int] = {}
    kinds: dict[tuple[int, int], Counter[int]] = {}
    for x, y, kind in points:
        column, row = scale.dot(x, y)
        cell = column // ACROSS, row // DOWN
        bits[cell] = bits.get(cell, 0) | BITS[row % DOWN][column % ACROSS]
        kinds.setdefault(cell, Counter())[kind] += 1
    chars = {cell: chr(BLANK + found) for cell, found in bits.items()}
    return chars, {cell: min(found, key=lambda kind: (-found[kind], kind))
                   for cell, found in kinds.items()}  # fmt: skip
