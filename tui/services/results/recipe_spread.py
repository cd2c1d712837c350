"""How far measures scatter over detectors that differ in their seed alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean, stdev

from tui.services.numbers import MEASURES, RATES
from tui.services.results.scores import DetectorScores


@dataclass(frozen=True, slots=True)
class Spread:
    """A measure over `n` seeds; `sd` is the sample standard deviation, None for one."""

    n: int
    mean: float
    sd: float | None
    min: float
    max: float


@dataclass(frozen=True, slots=True)
class RecipeSpread:
    """Detectors that differ in their seed alone, and the spread of each measure over them."""

    recipe: str
    detectors: tuple[str, ...]
    seeds: tuple[int, ...]
    accuracy: Spread | None
    precision: Spread | None
    recall: Spread | None
    gap: Spread | None
    f1: Spread | None
    fpr: Spread | None
    roc_auc: Spread | None
    pr_auc: Spread | None
    brier: Spread | None
    calibration_error: Spread | None
    recall_at_fpr_1: Spread | None
    recall_at_fpr_5: Spread | None
    recall_at_fpr_10: Spread | None
    fpr_at_recall_80: Spread | None
    fpr_at_recall_90: Spread | None

    def measure(self, name: str) -> Spread | None:
        """One of MEASURES."""
        found: Spread | None = getattr(self, name)
        return found


def spread_over(rows: Sequence[DetectorScores]) -> RecipeSpread:
    """The spread of each measure over detectors that differ in their seed alone."""
    names = (*MEASURES, "brier", "calibration_error", *RATES)
    estimates = {name: [row.measure(name) for row in rows] for name in names}
    spreads = {
        name: _spread([item.value if item else None for item in found])
        for name, found in estimates.items()
    }
    return RecipeSpread(
        recipe=rows[0].recipe,
        detectors=tuple(row.detector for row in rows),
        seeds=tuple(row.seed for row in rows),
        **spreads,
    )


def _spread(values: Sequence[float | None]) -> Spread | None:
    known = [value for value in values if value is not None]
    if not known:
        return None
    sd = stdev(known) if len(known) > 1 else None
    return Spread(len(known), mean(known), sd, min(known), max(known))
