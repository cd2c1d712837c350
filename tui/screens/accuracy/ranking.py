"""In which order contestants are listed."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui.services.numbers import DIRECTIONS

if TYPE_CHECKING:
    from tui.services.results.scores import DetectorScores


def order_best_first(
    rows: "Sequence[DetectorScores]", measure: str
) -> "tuple[DetectorScores, ...]":
    """The scores by a measure, the best first, by the gap the smallest.

    After them come those without it, last those that were trained on the rows. Equals stay in
    their order.
    """

    def key(row: "DetectorScores") -> tuple[bool, bool, float]:
        found = row.measure(measure)
        value = found.value if found else 0.0
        worth = DIRECTIONS[measure] * value if measure in DIRECTIONS else -abs(value)
        return not row.is_fair, found is None, -worth

    return tuple(sorted(rows, key=key))
