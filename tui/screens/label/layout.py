"""Which panes are seen, and how wide each is: the text first, then the queue, then the members.

The text keeps the measure in which it is read well. What is left goes to the panes beside it, in
the order in which they are wanted; those that find no room yield.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tui.screens.label.views import PaneName

MEASURE: Final = 100  # no line of a text is longer, in cells
EDGES: Final = 4  # of a pane: its borders, and a blank beside each
LEAST_TEXT: Final = 70 + EDGES
MOST_TEXT: Final = MEASURE + EDGES
LEAST: Final[Mapping[PaneName, int]] = {"queue": 44, "members": 42}
NARROW_BELOW: Final = LEAST_TEXT + LEAST["queue"]


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The columns of each pane that is seen, borders included.

    They are side by side, or the members below the text if `is_stacked`.
    """

    widths: Mapping[PaneName, int]
    is_stacked: bool = False


def is_narrow(width: int) -> bool:
    """Whether there is no room for another pane beside the text."""
    return width < NARROW_BELOW


def arrange(width: int, pane: PaneName, sides: Sequence[PaneName]) -> Arrangement:
    """The panes that are seen in so many columns.

    `pane` is the active one, which is always seen. `sides` are those that are wanted beside the
    text, the most wanted first.
    """
    if is_narrow(width):
        is_stacked = pane == "members"
        return Arrangement(
            {"text": width, pane: width} if is_stacked else {pane: width}, is_stacked
        )
    widths: dict[PaneName, int] = {}
    left = width - LEAST_TEXT
    for side in dict.fromkeys([pane, *sides]):
        if side != "text" and LEAST[side] <= left:
            widths[side] = LEAST[side]
            left -= LEAST[side]
    text = LEAST_TEXT + left
    if widths:
        text = min(text, MOST_TEXT)
        each, rest = divmod(LEAST_TEXT + left - text, len(widths))
        for number, side in enumerate(sorted(widths)):
            widths[side] += each + (number < rest)
    return Arrangement({"text": text, **widths})


def toggled(
    side: PaneName, seen: Collection[PaneName], sides: Sequence[PaneName]
) -> tuple[PaneName, ...]:
    """The sides that are wanted once one is hidden, or brought back before all others."""
    others = tuple(name for name in sides if name != side)
    return others if side in seen else (side, *others)
