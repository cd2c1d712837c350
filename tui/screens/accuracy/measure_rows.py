"""The tables of detectors: their measures, their alarms on production, the spread over seeds."""

from typing import TYPE_CHECKING, Final

from tui.screens.accuracy.views import EvaluatedDetector
from tui.screens.accuracy.wording import AREAS, MARK
from tui.services.numbers import MEASURES, show_number, show_percent, show_plain_percent, show_rate
from tui.widgets.table import Column, Row

if TYPE_CHECKING:
    from tui.services.results.alarms import Alarms
    from tui.services.results.scores import DetectorScores, RecipeSpread

SHOWN: Final = tuple(name for name in MEASURES if name != "pr_auc")  # for which there is no room
SHORT: Final = {"accuracy": "acc.", "precision": "prec.", "roc_auc": "AUC"}

MEASURE_COLUMNS: Final[tuple[Column, ...]] = (
    Column(" "),
    Column("detector", flexible=True, named=True),
    Column("n", right=True),
    *(Column(SHORT.get(name, MEASURES[name]), right=True) for name in SHOWN),
)
ALARM_COLUMNS: Final[tuple[Column, ...]] = (
    Column(" "),
    Column("detector", flexible=True, named=True),
    Column("n", right=True),
    Column("threshold", right=True),
    Column("flagged", right=True),
    Column("per 1,000 (95 %)", right=True),
    Column("FPR %", right=True),
    Column("negatives", right=True),
    Column("failed", right=True),
)
SPREAD_COLUMNS: Final[tuple[Column, ...]] = (
    Column("recipe", flexible=True),
    Column("seeds", right=True),
    *(Column(name, right=True) for name in MEASURES.values()),
)


def measure_row(
    scores: "DetectorScores", *, is_marked: bool, is_complete: bool, with_intervals: bool
) -> Row:
    """A detector's measures in per cent, for MEASURE_COLUMNS; areas not there yet are dots.

    The gap's interval, which is the widest, is only beside the matrix: names need the room.
    """
    cells = (
        "…"
        if name in AREAS and not is_complete
        else show_percent(scores.measure(name), with_interval=with_intervals and name != "gap")
        for name in SHOWN
    )
    return (MARK if is_marked else " ", scores.detector, f"{scores.n:,}", *cells)


def alarm_row(detector: EvaluatedDetector, found: "Alarms | None", *, is_marked: bool) -> Row:
    """How often a detector flags, for ALARM_COLUMNS."""
    mark = MARK if is_marked else " "
    if found is None:
        return (mark, detector.detector, f"{detector.n:,}", *["–"] * (len(ALARM_COLUMNS) - 3))
    return (
        mark, detector.detector, f"{found.n:,}", show_number(found.threshold),
        f"{found.flagged:,}", show_rate(found.per_1000), show_percent(found.fpr),
        f"{found.labelled_negatives:,}", f"{found.failed:,}",
    )  # fmt: skip


def spread_row(spread: "RecipeSpread") -> Row:
    """Mean ± sample standard deviation over seeds, for SPREAD_COLUMNS."""
    cells = []
    for name in MEASURES:
        found = spread.measure(name)
        shown = show_plain_percent(found.mean if found else None)
        deviation = f" ± {100 * found.sd:.1f}" if found and found.sd is not None else ""
        cells.append(f"{shown}{deviation}")
    return (spread.recipe, str(len(spread.seeds)), *cells)
