"""What probabilities are worth as pictures: ROC, precision and recall, thresholds, calibration.

Lines differ in their dashes and signs, so that they can be read without colour.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from store.counting import counted
from tui.services.numbers import show_percent
from tui.widgets.plot.picture import DASHES, FAINT_DASH, Entry, Line, Picture, Points, Spot

if TYPE_CHECKING:
    from engine.statistics.probabilities import CalibrationBin
    from engine.statistics.thresholds import ThresholdPoint
    from tui.services.results.scores import DetectorScores
    from tui.services.results.thresholds import ThresholdCurve

STYLES: Final = ("$label-2", "$label-1", "$label-3", "$label-4", "$label-5")
QUIET: Final = "$quiet"
OPERATING: Final = "×"  # where a detector flags now
CHOSEN: Final = "•"  # the sign of the chosen detector's lines, unless it is marked
UNIT: Final = (0.0, 1.0)


@dataclass(frozen=True, slots=True)
class DrawnCurve:
    """A detector with its sign: its curve and its scores."""

    sign: str
    curve: "ThresholdCurve"
    scores: "DetectorScores"

    @property
    def operating(self) -> "tuple[float | None, float | None, float | None]":
        """False-positive rate, recall and precision where it flags: at its threshold if chosen."""
        at, own = self.curve.at, self.scores
        found = (
            (at.false_positive_rate, at.recall, at.precision)
            if at is not None
            else (own.fpr, own.recall, own.precision)
        )
        fpr, recall, precision = (item.value if item else None for item in found)
        return fpr, recall, precision


def roc(drawn: Sequence[DrawnCurve]) -> Picture:
    """Recall against the false-positive rate, and what chance gives."""
    spots = [(item.operating[0], item.operating[1]) for item in drawn]
    return _square(
        "false-positive rate",
        "recall",
        [((0.0, 0.0), *_known(_roc_points(item.curve.curve))) for item in drawn],
        spots,
        ((0.0, 0.0), (1.0, 1.0)),
        [_entry(number, item, "roc_auc") for number, item in enumerate(drawn)],
        drawn,
    )


def precision_recall(drawn: Sequence[DrawnCurve]) -> Picture:
    """Precision against recall, in steps whose area is PR-AUC, and what flagging all gives."""
    shares = [item.curve.curve[0].precision or 0.0 for item in drawn if item.curve.curve]
    base = shares[0] if shares else 0.0
    spots = [(item.operating[1], item.operating[2]) for item in drawn]
    return _square(
        "recall",
        "precision",
        [_steps(item.curve.curve) for item in drawn],
        spots,
        ((0.0, base), (1.0, base)),
        [_entry(number, item, "pr_auc") for number, item in enumerate(drawn)],
        drawn,
    )


def _square(
    across: str,
    up: str,
    points: Sequence[Points],
    spots: Sequence[tuple[float | None, float | None]],
    base: Points,
    key: Sequence[Entry],
    drawn: Sequence[DrawnCurve],
) -> Picture:
    """Lines from 0 to 1 both ways, over what is to be had without a detector."""
    lines = tuple(
        Line(own, _style(number), _dash(number), item.sign)
        for number, (own, item) in enumerate(zip(points, drawn, strict=True))
    )
    return Picture(
        across, up, UNIT, UNIT, UNIT, UNIT,
        lines=(*lines, Line(base, QUIET, FAINT_DASH)),
        spots=tuple(
            Spot(x, y, OPERATING, _style(number))
            for number, (x, y) in enumerate(spots)
            if x is not None and y is not None
        ),
        key=tuple(key),
    )  # fmt: skip


def thresholds(item: DrawnCurve) -> Picture:
    """Every measure of one detector against its threshold, and the threshold that was chosen."""
    points = item.curve.curve
    named = (
        ("P", "precision", [point.precision for point in points]),
        ("R", "recall", [point.recall for point in points]),
        ("F", "F1", [point.f1 for point in points]),
        ("A", "false-positive rate", [point.false_positive_rate for point in points]),
    )
    at = [point.threshold for point in points]
    chosen = item.curve.chosen
    rule = ((chosen.threshold, 0.0), (chosen.threshold, 1.0)) if chosen else ()
    marked = [Entry("", f"chosen threshold {chosen.threshold:.3f}", QUIET, "1")] if chosen else []
    return Picture(
        "threshold", "share", UNIT, UNIT, UNIT, UNIT,
        lines=(
            *(
                Line(_known(zip(at, values, strict=True)), _style(n), _dash(n), sign)
                for n, (sign, _, values) in enumerate(named)
            ),
            Line(rule, QUIET),
        ),
        key=(
            *(Entry(sign, text, _style(n), _dash(n)) for n, (sign, text, _) in enumerate(named)),
            *marked,
        ),
    )  # fmt: skip


def calibration(scores: "DetectorScores") -> Picture:
    """The share of positives against the mean probability, by tenths of the rows."""
    errors = (("ECE", scores.calibration_error), ("Brier", scores.brier))
    worth = ", ".join(f"{name} {show_percent(found)}" for name, found in errors)
    bins = scores.calibration
    n = f"n = {sum(item.n for item in bins):,}"
    return Picture(
        "mean probability, by tenths of the rows", "share of positives", UNIT, UNIT, UNIT, UNIT,
        lines=(
            Line(
                tuple((item.mean_probability, item.positive_share.value) for item in bins),
                STYLES[0],
            ),
            Line(((0.0, 0.0), (1.0, 1.0)), QUIET, FAINT_DASH),
        ),
        spots=tuple(
            Spot(item.mean_probability, item.positive_share.value, "●", STYLES[0],
                 item.positive_share.interval)
            for item in bins
        ),
        key=(Entry("●", f"{worth}, {n} in {_describe_bins(bins)}", STYLES[0]),),
    )  # fmt: skip


def _describe_bins(bins: "Sequence[CalibrationBin]") -> str:
    """How many bins there are, and of how many rows."""
    rows = sorted({item.n for item in bins})
    each = "–".join(f"{n:,}" for n in dict.fromkeys((rows[0], rows[-1]))) if rows else "0"
    return f"{counted(len(bins), 'bin')} of {each}"


def _entry(number: int, item: DrawnCurve, area: str) -> Entry:
    text = f"AUC {show_percent(item.scores.measure(area))} {item.curve.detector}"
    return Entry(item.sign, text, _style(number), _dash(number))


def _style(number: int) -> str:
    return STYLES[number % len(STYLES)]


def _dash(number: int) -> str:
    return DASHES[number % len(DASHES)]


def _roc_points(
    points: "Sequence[ThresholdPoint]",
) -> list[tuple[float | None, float | None]]:
    """From the highest threshold, at which least is flagged."""
    return [(point.false_positive_rate, point.recall) for point in reversed(points)]


def _known(points: "Iterable[tuple[float | None, float | None]]") -> Points:
    return tuple((x, y) for x, y in points if x is not None and y is not None)


def _steps(points: "Sequence[ThresholdPoint]") -> Points:
    """Average precision takes each precision from the recall before up to its own."""
    found: list[tuple[float, float]] = []
    before = 0.0
    for recall, precision in _known([(item.recall, item.precision) for item in reversed(points)]):
        found += [(before, precision), (recall, precision)]
        before = recall
    return tuple(found)
