"""Two that were compared on the rows they share: how far apart they are, and whether clearly."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.statistics.estimate import Estimate


@dataclass(frozen=True, slots=True)
class MeasuredDifference:
    """First minus second in one measure; `p_holm` is corrected for all pairs that were tested.

    `verdict` puts it into words, with the figures if it `is_clear`.
    """

    difference: Estimate
    p: float
    p_holm: float
    is_clear: bool
    verdict: str


@dataclass(frozen=True, slots=True)
class Difference:
    """First minus second in a measure."""

    difference: Estimate


@dataclass(frozen=True, slots=True)
class Power:
    """The smallest difference in accuracy that the test of a pair finds with a `chance`.

    `level` is that of the strictest of the corrected tests: 0.05 divided by their number.
    `discordance` is the share of the `n` rows that just one has right; None of several detectors,
    whose power is by the normal approximation. `difference_found` is None if none would be.
    """

    n: int
    discordance: float | None
    level: float
    chance: float
    difference_found: float | None

    @property
    def shown(self) -> str:
        """The difference in points: 5.2."""
        found = self.difference_found
        return "none" if found is None else f"{100 * found:.1f}"


@dataclass(frozen=True, slots=True)
class ComparedPair:
    """Two detectors, or recipes with several seeds, on the `n` rows that all of them have.

    `first` and `second` are names: of a detector, or of the recipe if it has several. `first_id`
    and the count of rows that only the first has right are None for several. `differences` are
    by measure, as far as both have it; there are none for several.
    """

    first: str
    second: str
    first_id: str | None
    second_id: str | None
    first_ids: tuple[str, ...]
    second_ids: tuple[str, ...]
    n: int
    only_first_right: int | None
    only_second_right: int | None
    accuracy: MeasuredDifference
    f1: MeasuredDifference | None
    differences: Mapping[str, Difference]
    power: Power

    @property
    def seeds(self) -> int:
        """The number of detectors on the side that has more."""
        return max(len(self.first_ids), len(self.second_ids))

    def gained_by(self, detector_id: str, measure: str) -> Estimate | None:
        """One of two detectors minus the other; None where either has no such measure."""
        found = self.differences.get(measure)
        if found is None or self.first_id == detector_id:
            return found.difference if found else None
        gained = found.difference
        ends = (-gained.high, -gained.low) if gained.interval else None
        return Estimate(-gained.value, ends, gained.n)

    def holds(self, one: str, other: str) -> bool:
        """Whether these two detectors are on either side of it."""
        sides = self.first_ids, self.second_ids
        return any(one in side and other in against for side, against in (sides, sides[::-1]))
