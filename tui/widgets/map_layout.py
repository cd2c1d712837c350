"""Where names go on a map, and which cluster lies next in a direction."""

from collections.abc import Iterable, Sequence
from typing import Final, Literal

Direction = Literal["left", "right", "up", "down"]
Place = tuple[float, float]
Cell = tuple[int, int]  # column, row

ASIDE: Final = 2.0  # how much a step aside counts, compared with one in the direction


def next_in_direction(places: Sequence[Place], current: int, direction: Direction) -> int:
    """The place that lies next in a direction, where y points upwards; itself if none does.

    Nearer ones come first, and of those the ones less aside; places straight ahead (within 45
    degrees) come before all others.
    """
    x, y = places[current]
    best, least = current, (True, float("inf"))
    for number, (other_x, other_y) in enumerate(places):
        along, aside = _turned(other_x - x, other_y - y, direction)
        if along > 0:
            far = (aside > along, along + ASIDE * aside)
            if far < least:
                best, least = number, far
    return best


def _turned(right: float, up: float, direction: Direction) -> tuple[float, float]:
    """How far along a direction, and how far aside of it."""
    if direction in ("left", "right"):
        return (right if direction == "right" else -right), abs(up)
    return (up if direction == "up" else -up), abs(right)


def place_names(
    names: Iterable[tuple[int, Cell, Sequence[str]]], columns: int, rows: int
) -> dict[int, tuple[Cell, str]]:
    """The names that have room, at the cell where each begins, by their number.

    Names are (number, cell of its middle, forms from long to short); those that come first have
    the first choice. One that nowhere has room is left out.
    """
    taken: set[Cell] = set()
    found: dict[int, tuple[Cell, str]] = {}
    for number, (column, row), forms in names:
        for form in forms:
            start = min(max(column - len(form) // 2, 0), columns - len(form))
            cells = {(start + place, row) for place in range(len(form))}
            around = {(start - 1, row), (start + len(form), row)}  # or numbers run together
            if start >= 0 and 0 <= row < rows and not taken & (cells | around):
                taken |= cells
                found[number] = (start, row), form
                break
    return found
