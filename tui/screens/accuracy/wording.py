"""What the accuracy screen says: how to read it, how two detectors differ, why a move is bad."""

from typing import Final

from tui.screens.accuracy.views import (
    AccuracyView,
    CurveView,
    DetectorScores,
    Difference,
    Judge,
    PairView,
)
from tui.services.inert import one_line
from tui.services.numbers import show_percent

EVALUATE: Final = "`backquery evaluate DETECTOR --on DATASET`"
NOT_MARKED: Final = "Mark one detector first ({key}), then choose another to compare it with."
HOW_TO_READ: Final = {
    "measures": (
        "Per cent with 95 % intervals: Wilson; the gap (precision minus recall), ROC-AUC and "
        "PR-AUC by bootstrap. Failed rows are wrong. {mark} marked."
    ),
    "alarms": (
        "Flagged texts per 1,000, from the threshold on if there is one, with 95 % intervals "
        "(Wilson). FPR is over those labelled negative. {mark} marked."
    ),
    "compare": (
        "Right is the right side, positive or negative. McNemar's and permutation test, p "
        "after Holm. Where the wrong one is most certain comes first."
    ),
    "rows": (
        "True labels down, predicted ones across; right ones are bold. A cell's rows are listed "
        "by how probable the predicted label was."
    ),
    "curves": (
        "A row is flagged from the threshold on. Dots: the precision of flagging all, and "
        "probabilities that say what they are worth. Calibration by tenths, with 95 % intervals."
    ),
    "slices": (
        "Positive against negative, the least accurate first; 95 % intervals (Wilson). Those "
        "with few rows come last and say little."
    ),
}
AREAS: Final = {"roc_auc": "ROC-AUC", "pr_auc": "PR-AUC"}
WAITING: Final = "reading …"


def describe_difference(
    view: AccuracyView, first: Judge, second: Judge, tested: PairView | None, *, is_read: bool
) -> list[str]:
    """Return how two detectors differ, and how their recipes do by all seeds, a line a measure.

    `tested` is the test of these two alone, which a comparison of recipes does not hold; it was
    asked for once it `is_read`.
    """
    nothing = "No row with a label was judged by both, so none of them can be right."
    if view.scores_of(first.detector_id) is None or view.scores_of(second.detector_id) is None:
        return [nothing]
    held = view.pair_of(first.detector_id, second.detector_id)
    if held is not None and held.seeds == 1:
        return _differences(held)
    if not view.is_whole or not is_read:
        return ["Testing the difference …"]
    if tested is None:
        return [nothing]
    lines = _differences(tested, "these two alone (p not corrected), ")
    return lines + _differences(held, f"by {held.seeds} seeds, ") if held else lines


def _differences(pair: PairView, whose: str = "") -> list[str]:
    names = one_line(pair.first), one_line(pair.second)
    lines = [_difference(f"{whose}accuracy", names, pair.accuracy)]
    if pair.f1 is not None:
        lines.append(_difference(f"{whose}F1", names, pair.f1))
    return lines


def _difference(measure: str, names: tuple[str, str], found: Difference) -> str:
    text = one_line(found.verdict)
    if not found.is_clear and found.gained.value is not None and found.gained.interval:
        low, high = found.gained.interval
        text += (
            f": {names[0]} − {names[1]} = {100 * found.gained.value:+.1f} points "
            f"(95 % interval {100 * low:.1f} to {100 * high:.1f})"
        )
    return f"{measure}: {text}, p = {found.p:.2g}"


def describe_copied(name: str, new: int, total: int) -> str:
    """Return what copying rows as seeds did."""
    known = f"; {total - new:,} were there already" if new < total else ""
    return f"{new:,} new seeds in {name!r}{known}. They wait for a run."


def describe_areas(name: str, scores: DetectorScores, curve: CurveView) -> str:
    """Return what a detector's probabilities are worth, in a line."""
    areas = (f"{text} {show_percent(scores.shares[key])}" for key, text in AREAS.items())
    parts = [f"{name}: {curve.n:,} with a probability", *areas]
    if curve.chosen is not None:
        parts.append(f"chosen threshold {curve.chosen:.3f}")
    return " · ".join(parts)
