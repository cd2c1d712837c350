"""What is looked at on the accuracy screen."""

from dataclasses import dataclass
from typing import Final, Literal

View = Literal["measures", "compare", "rows", "curves", "slices"]

VIEWS: Final[tuple[View, ...]] = ("measures", "compare", "rows", "curves", "slices")
LISTING: Final = frozenset({"compare", "rows"})  # views that list groups of rows


@dataclass(frozen=True, slots=True)
class Look:
    """A dataset, the chosen detector and the marked one by their ids, and a place in a view.

    `place` is that of a group, down and across; None is where to begin. `is_inside` is among its
    rows, `row` is one of its `page`.
    """

    view: View = "measures"
    dataset: str = ""
    detector: str = ""
    marked: str = ""
    is_collapsed: bool = False
    place: tuple[int, int] | None = None
    is_inside: bool = False
    page: int = 0
    row: int = 0
    line: int = 0  # of the slices
    curve: int = 0
