"""What can be said of a detector on rows of one class: recall alone, or false positives alone.

So it is on collections of attacks, which have no harmless row. Any other measure is then the same
figure again (accuracy, F1), or says nothing of the detector: precision is 1 whatever it flags.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from store.counting import counted

if TYPE_CHECKING:
    from engine.statistics.measures import BinaryCounts, BinaryMeasures

RECALL: Final = "recall"
FPR: Final = "fpr"


def only_measure(counts: "BinaryCounts") -> str | None:
    """The one measure of rows of one class, RECALL or FPR; None of rows of both, or of none."""
    if not counts.n or (counts.positives and counts.negatives):
        return None
    return RECALL if counts.positives else FPR


def leave_alone(measures: "BinaryMeasures") -> "BinaryMeasures":
    """The measures, of rows of one class without those that mean nothing."""
    if only_measure(measures.counts) is None:
        return measures
    return replace(measures, accuracy=None, precision=None, gap=None, f1=None)


def explain_one_class(counts: "BinaryCounts") -> str:
    """Why there is one measure alone; "" of rows of both classes."""
    only = only_measure(counts)
    if only is None:
        return ""
    rows = counted(counts.n, "row")
    if only == RECALL:
        return (
            f"Of {rows}, none is negative: there is recall alone. Accuracy would be the same "
            "figure, precision 100 % whatever is flagged; FPR and areas need negatives."
        )
    return (
        f"Of {rows}, none is positive: there is the false-positive rate alone. Accuracy would "
        "be the rest of it; recall, precision and areas need positives."
    )


def explain_differences(counts: "BinaryCounts") -> str:
    """What a difference in accuracy is of rows of one class; "" of rows of both."""
    only = only_measure(counts)
    if only is None:
        return ""
    which = "recall" if only == RECALL else "FPR, with the other sign"
    return f"All rows are of one class, so a difference in accuracy is one in {which}."
