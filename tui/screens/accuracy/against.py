"""How far contestants are from the marked one."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.statistics.estimate import Estimate
    from tui.services.results.pairs import ComparedPair


@dataclass(frozen=True, slots=True)
class Against:
    """The pairs of a detector, the marked one, with all others."""

    detector_id: str
    pairs: "tuple[ComparedPair, ...]"

    def difference(self, detector_id: str, measure: str) -> "Estimate | None":
        """Another one minus the marked one, as shares; None without rows or a test."""
        pair = self._pair(detector_id)
        return pair.gained_by(detector_id, measure) if pair else None

    def p(self, detector_id: str, measure: str) -> float | None:
        """The p of that difference, corrected for these pairs; only accuracy and F1 are tested."""
        pair = self._pair(detector_id)
        tested = {"accuracy": pair.accuracy, "f1": pair.f1}.get(measure) if pair else None
        return tested.p_holm if tested else None

    def _pair(self, detector_id: str) -> "ComparedPair | None":
        if detector_id == self.detector_id:
            return None
        own = self.detector_id
        return next((pair for pair in self.pairs if pair.holds(own, detector_id)), None)
