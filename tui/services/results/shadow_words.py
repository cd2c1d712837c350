"""What a detector in the shadow of another one shows, in sentences."""

from typing import TYPE_CHECKING

from engine.statistics.estimate import Estimate
from store.counting import counted
from tui.services.results.recall_words import describe_flagger

if TYPE_CHECKING:
    from store.shadow import FeedbackCount
    from tui.services.results.shadow import Shadow


def describe_labels(found: "Shadow") -> list[str]:
    """Sentences on the labelled rows, those that were left out, and users' feedback."""
    labelled = found.labelled_rows
    left_out = labelled.trained + labelled.near
    differ = (
        f"Of the labelled rows only {found.new} finds {labelled.gained:,} positive and raises "
        f"{counted(labelled.alarms_added, 'false alarm')}; only {describe_flagger(found.old)} "
        f"finds {labelled.lost:,} and raises {labelled.alarms_removed:,}."
    )
    return [
        *([differ] if labelled.compared else []),
        *(
            [
                f"{counted(left_out, 'labelled row')} left out: one of the two was trained on "
                f"{labelled.trained:,}, and on near copies of {labelled.near:,}."
            ]
            if left_out
            else []
        ),
        *(_describe_feedback(found.new, item) for item in found.feedback),
    ]


def describe_verdict(found: "Shadow") -> str:
    """The verdict, and whether each of its two conditions holds."""
    kept = {"yes": "kept", "no": "not kept", "unclear": "unclear"}[found.is_recall_kept]
    fewer = {"yes": "fewer", "no": "not fewer", "unclear": "unclear"}[found.are_alarms_fewer]
    margin = f"{100 * found.recall_margin:g}"
    return (
        f"{found.verdict}: recall within {margin} points is {kept}, false alarms are {fewer} "
        f"({100 * found.level:g} % intervals)."
    )


def show_signed(difference: Estimate | None) -> str:
    """A difference that is no share, with its sign and interval: -3.1 (-5.0 to -1.2)."""
    if difference is None or difference.interval is None:
        return "–"
    low, high = difference.interval
    return f"{difference.value + 0.0:+.1f} ({low + 0.0:+.1f} to {high + 0.0:+.1f})"


def _describe_feedback(new: str, item: "FeedbackCount") -> str:
    return (
        f"Users called the guard's verdict {item.feedback} on {counted(item.rows, 'row')} that it "
        f"{item.verdict}; {new} flags {item.new_flagged:,} of them. No label follows from that."
    )
