"""The tables of detectors: their measures, their alarms on production, the spread over seeds."""

from typing import TYPE_CHECKING, Final

from tui.screens.accuracy.contestants import best_sign, describe_kind
from tui.screens.accuracy.views import (
    MARK,
    SHOWN_MEASURES,
    DatasetScores,
    EvaluatedDetector,
    Subject,
)
from tui.screens.accuracy.wording import AREAS
from tui.services.numbers import (
    MEASURES,
    show_number,
    show_percent,
    show_plain_percent,
    show_points,
    show_rate,
)
from tui.services.results.training_warnings import TRAINED
from tui.widgets.table import Column, Row

if TYPE_CHECKING:
    from tui.services.results.recipe_spread import RecipeSpread
    from tui.services.results.scores import DetectorScores

SHOWN: Final = tuple(name for name in MEASURES if name != "pr_auc")  # for which there is no room
SHORT: Final = {"accuracy": "acc.", "precision": "prec.", "roc_auc": "AUC"}
ORDERED: Final = "▼"  # at the measure by which rows are in order
INTERVALS_FROM: Final = 150  # columns; seven measures with intervals fit beside a name then

_FIRST: Final = (
    Column(" "),
    Column(" ", optional=True),
    Column("detector", flexible=True, named=True),
    Column(" "),
    Column("n", right=True),
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


def measure_columns(subject: Subject) -> tuple[Column, ...]:
    """The columns of `measure_row`; what names need the room of leaves first."""
    measure, is_marked = subject.measure, subject.marked is not None
    plain = tuple(
        Column(
            f"{SHORT.get(name, MEASURES[name])}{ORDERED if name == measure else ''}",
            right=True,
            optional=is_marked,
        )
        for name in SHOWN
    )
    own = Column(f"{SHOWN_MEASURES[measure]} (95 %){ORDERED}", right=True)
    if not is_marked:
        return (*_FIRST, *plain) if measure in SHOWN else (*_FIRST, *plain, own)
    p = Column("p", right=True, optional=True)
    return (*_FIRST, *plain, own, Column(f"− {MARK} (95 %)", right=True), p)


def measure_row(
    subject: Subject,
    scores: DatasetScores,
    row: "DetectorScores",
    width: int,
) -> Row:
    """A detector's measures in per cent, for `measure_columns`; areas not there yet are dots.

    With one marked, the difference to it takes the place of intervals. The gap's interval, which
    is the widest, is only beside the matrix: names need the room.
    """
    measure, name = subject.measure, row.detector if row.is_fair else f"{TRAINED} {row.detector}"
    first = (
        subject.sign_of(row.detector_id), describe_kind(row), name,
        best_sign(scores, row.detector_id, measure), f"{row.n:,}",
    )  # fmt: skip
    with_intervals = width >= INTERVALS_FROM and subject.marked is None
    plain = tuple(
        _cell(scores, row, name, with_interval=with_intervals and name != "gap") for name in SHOWN
    )
    own = _cell(scores, row, measure, with_interval=True)
    if subject.marked is None:
        return (*first, *plain) if measure in SHOWN else (*first, *plain, own)
    return (*first, *plain, own, *_difference(row, subject))


def _cell(scores: DatasetScores, row: "DetectorScores", name: str, *, with_interval: bool) -> str:
    if name in (*AREAS, "brier", "calibration_error") and not scores.is_complete:
        return "…"
    return show_percent(row.measure(name), with_interval=with_interval)


def _difference(row: "DetectorScores", subject: Subject) -> tuple[str, str]:
    """The difference to the marked one, and its p."""
    against = subject.against
    if subject.marked is None or row.detector_id == subject.marked.detector_id:
        return "", ""
    if against is None:
        return "…", ""
    p = against.p(row.detector_id, subject.measure)
    return (
        show_points(against.difference(row.detector_id, subject.measure)),
        "–" if p is None else f"{p:.2g}",
    )


def alarm_row(detector: EvaluatedDetector, subject: Subject, scores: DatasetScores) -> Row:
    """How often a detector flags, for ALARM_COLUMNS."""
    found, mark = scores.alarms_of(detector.detector_id), subject.sign_of(detector.detector_id)
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
