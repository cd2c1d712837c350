"""How far contestants are from the marked one, which is the reference of their comparison."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from store.counting import counted

if TYPE_CHECKING:
    from engine.statistics.estimate import Estimate
    from tui.services.results.comparison import PlannedPairs
    from tui.services.results.pairs import ComparedPair


@dataclass(frozen=True, slots=True)
class Against:
    """The pairs of a detector, the marked one, with all others."""

    detector_id: str
    pairs: "PlannedPairs"

    @property
    def correction(self) -> str:
        """How p was corrected: by Holm over 7 tests."""
        return f"by Holm over {counted(len(self.pairs.alone), 'test')}"

    def difference(self, detector_id: str, measure: str) -> "Estimate | None":
        """Another one minus the marked one, as shares; None without rows or a test."""
        pair = self.pair(detector_id)
        return pair.gained_by(detector_id, measure) if pair else None

    def p(self, detector_id: str, measure: str) -> float | None:
        """The p of that difference, corrected for these pairs; only accuracy and F1 are tested."""
        pair = self.pair(detector_id)
        tested = {"accuracy": pair.accuracy, "f1": pair.f1}.get(measure) if pair else None
        return tested.p_holm if tested else None

    def pair(self, detector_id: str) -> "ComparedPair | None":
        """Another one and the marked one, each for itself."""
        return self._find(detector_id, self.pairs.alone)

    def recipes(self, detector_id: str) -> "ComparedPair | None":
        """Their recipes over all seeds; None if neither has several, or both are of one recipe."""
        return self._find(detector_id, self.pairs.recipes)

    def _find(self, detector_id: str, pairs: "tuple[ComparedPair, ...]") -> "ComparedPair | None":
        return next((pair for pair in pairs if pair.holds(self.detector_id, detector_id)), None)
