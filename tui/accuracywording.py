"""What the accuracy screen says: how to read it, how two detectors differ, why a move is bad."""

from typing import Final

from tui.accuracyviews import AccuracyView, Difference, Judge
from tui.inert import one_line

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
        "Right is the right side, positive or negative. Rows on which the wrong one is most "
        "certain come first."
    ),
    "rows": "Wrong ones first. Rows are listed by how probable the predicted label was.",
    "curves": (
        "A row is flagged from the threshold on. Measures by chance alone lie on the dots; so "
        "does a probability that is worth what it says. Calibration is over ten bins."
    ),
    "slices": (
        "Positive against negative, the least accurate first; 95 % intervals (Wilson). Those "
        "with few rows come last and say little."
    ),
}
WAITING: Final = "reading …"


def describe_difference(view: AccuracyView, first: Judge, second: Judge) -> list[str]:
    """Return how two detectors differ, a line a measure."""
    if view.scores_of(first.detector_id) is None or view.scores_of(second.detector_id) is None:
        return ["No row with a label was judged by both, so none of them can be right."]
    if not view.is_whole:
        return ["Testing the difference …"]
    pair = next(
        (pair for pair in view.pairs if pair.is_of(first.detector_id, second.detector_id)), None
    )
    if pair is None:
        return ["Not tested: they differ in nothing but their seed."]
    names = [one_line(first.detector), one_line(second.detector)]
    if pair.first_id != first.detector_id:
        names.reverse()
    lines = [_difference("accuracy (McNemar)", names, pair.accuracy)]
    if pair.f1 is not None:
        lines.append(_difference("F1 (permutation)", names, pair.f1))
    return lines


def _difference(measure: str, names: list[str], found: Difference) -> str:
    value, interval = found.gained.value or 0.0, found.gained.interval or (0.0, 0.0)
    low, high = (100 * end for end in interval)
    return (
        f"{measure}: {one_line(found.verdict)}; {names[0]} − {names[1]} = {100 * value:+.1f} "
        f"points ({low:.1f} to {high:.1f}), p = {found.p:.2g} after Holm"
    )


def describe_copied(name: str, new: int, total: int) -> str:
    """Return what copying rows as seeds did."""
    known = f"; {total - new:,} were there already" if new < total else ""
    return f"{new:,} new seeds in {name!r}{known}. They wait for a run."
