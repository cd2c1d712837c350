"""Groups of rows that can be listed, and the matrix of them that is walked by keys."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from tui.screens.accuracy.views import EvaluatedDetector


@dataclass(frozen=True, slots=True)
class Cell:
    """Rows of a confusion matrix by true and predicted labels; the failed have none predicted.

    `sides` names both, "positive" or "negative", if labels are taken together.
    """

    truth: tuple[str, ...]
    predicted: tuple[str, ...]
    count: int
    sides: tuple[str, str] | None = None

    @property
    def is_right(self) -> bool:
        """Whether these rows are right."""
        if self.sides is not None:
            return self.sides[0] == self.sides[1]
        return self.truth == self.predicted


@dataclass(frozen=True, slots=True)
class Side:
    """Rows by which of two detectors is right."""

    first_right: bool
    second_right: bool
    count: int


@dataclass(frozen=True, slots=True)
class Flagged:
    """Rows that a detector flags, from its threshold on if it has one."""

    threshold: float | None
    count: int


RowGroup: TypeAlias = Cell | Side | Flagged
Grid: TypeAlias = tuple[tuple[RowGroup, ...], ...]  # as it is walked: down, then across


@dataclass(frozen=True, slots=True)
class Listing:
    """A group of rows, of one detector or of two that are compared."""

    detectors: tuple[EvaluatedDetector, ...]
    group: RowGroup

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its detectors."""
        return tuple(item.detector for item in self.detectors)


def confusion_cells(
    counts: Mapping[tuple[str | None, str | None], int],
    labels: Sequence[str],
    positive: Collection[str],
    *,
    is_collapsed: bool,
) -> tuple[tuple[Cell, ...], ...]:
    """The labelled rows by true label, down, and predicted one, across.

    Both are in the order of `labels`, or positive before negative. Failed rows, if there are any,
    are the last column.
    """
    sides: dict[str, tuple[str, ...]] = {label: (label,) for label in labels}
    if is_collapsed:
        sides = {
            "positive": tuple(label for label in labels if label in positive),
            "negative": tuple(label for label in labels if label not in positive),
        }
    has_failed = any(guess is None and truth is not None for truth, guess in counts)

    def cell(truth: str, guess: str | None) -> Cell:
        predicted = (None,) if guess is None else sides[guess]
        count = sum(counts.get((a, b), 0) for a in sides[truth] for b in predicted)
        named = (truth, guess or "") if is_collapsed else None
        return Cell(sides[truth], sides[guess] if guess is not None else (), count, named)

    columns = (*sides, None) if has_failed else tuple(sides)
    return tuple(tuple(cell(truth, guess) for guess in columns) for truth in sides)


def first_place(grid: Grid) -> tuple[int, int]:
    """Where to begin: at the first group, or at what is wrong most often of a matrix."""
    if not grid or not isinstance(grid[0][0], Cell):
        return 0, 0
    wrong = {
        (down, across): cell.count
        for down, row in enumerate(grid)
        for across, cell in enumerate(row)
        if isinstance(cell, Cell) and not cell.is_right
    }
    return max(wrong, key=lambda place: wrong[place], default=(0, 0))


def move_place(grid: Grid, place: tuple[int, int], down: int, across: int) -> tuple[int, int]:
    """The place so far away, or the last one in that direction."""
    if not grid:
        return 0, 0
    at = max(0, min(place[0] + down, len(grid) - 1))
    return at, max(0, min(place[1] + across, len(grid[at]) - 1))
