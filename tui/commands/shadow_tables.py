"""A shadow as tables: what changes, on which texts, and what the labelled rows say of it."""

from collections.abc import Sequence
from typing import Final

from engine.statistics.estimate import Estimate
from store.counting import counted
from store.shadow import ChangedRow, FeedbackCount
from tui.commands.figures import percent
from tui.commands.output import print_table, tell
from tui.commands.recall_tables import describe_flagger
from tui.services.inert import one_line
from tui.services.numbers import show_points, show_rate
from tui.services.results.shadow import Shadow

PATTERNS: Final = 15
TEXTS: Final = 10  # of either direction
WIDTH: Final = 100  # characters of a text


def print_shadow(found: Shadow) -> None:
    """Print what changes, the labelled rows, and the verdict."""
    old = describe_flagger(found.old)
    changes = found.changes
    print_table(
        ["", "rows", "per 1,000"],
        [
            [f"flagged by {found.new}", changes.new_flagged, show_rate(changes.new_per_1000)],
            [f"flagged by {old}", changes.old_flagged, show_rate(changes.old_per_1000)],
            [
                f"only by {found.new}",
                changes.now_flagged,
                show_rate(changes.now_flagged_per_1000),
            ],
            [f"only by {old}", changes.now_passed, show_rate(changes.now_passed_per_1000)],
        ],
        title=f"{found.new} beside {old} on {counted(changes.rows, 'row')} of {found.dataset}",
    )
    if found.patterns:
        print_table(
            ["pattern", "label", f"only {found.new}", f"only {old}"],
            [
                [item.name, item.label or "–", item.now_flagged, item.now_passed]
                for item in found.patterns[:PATTERNS]
            ],
            title="Changed verdicts by pattern",
        )
    _print_texts(f"Only {found.new} flags", found.flagged_texts)
    _print_texts(f"Only {old} flags", found.passed_texts)
    _print_labelled(found)
    for line in describe_shadow(found):
        tell(one_line(line))


def _print_texts(title: str, rows: Sequence[ChangedRow]) -> None:
    if rows:
        print_table(
            ["score", "text"],
            [
                ["–" if row.new_score is None else f"{row.new_score:.3f}",
                 one_line(row.text, WIDTH)]
                for row in rows[:TEXTS]
            ],
            title=title,
        )  # fmt: skip


def _print_labelled(found: Shadow) -> None:
    labelled = found.labelled_rows
    print_table(
        ["", "recall %", "false alarms per 1,000"],
        [
            [found.new, percent(labelled.new_recall), show_rate(labelled.new_alarms_per_1000)],
            [
                describe_flagger(found.old),
                percent(labelled.old_recall),
                show_rate(labelled.old_alarms_per_1000),
            ],
            [
                "difference",
                show_points(labelled.recall_difference),
                show_signed(labelled.alarms_difference_per_1000),
            ],
        ],
        title=f"On {counted(labelled.compared, 'labelled row')}, {labelled.positives:,} positive; "
        f"weights: {labelled.basis}",
    )


def describe_shadow(found: Shadow) -> list[str]:
    """Sentences on the labelled rows, users' feedback, and the verdict with its reasons."""
    labelled = found.labelled_rows
    left_out = labelled.trained + labelled.near
    return [
        f"Of the labelled rows only {found.new} finds {labelled.gained:,} positive and raises "
        f"{counted(labelled.alarms_added, 'false alarm')}; only {describe_flagger(found.old)} "
        f"finds {labelled.lost:,} and raises {labelled.alarms_removed:,}.",
        *(
            [
                f"{counted(left_out, 'labelled row')} left out: one of the two was trained on "
                f"{labelled.trained:,}, and on near copies of {labelled.near:,}."
            ]
            if left_out
            else []
        ),
        *(_describe_feedback(found.new, item) for item in found.feedback),
        *found.notes,
        f"{found.verdict}: {describe_verdict(found)}.",
    ]


def describe_verdict(found: Shadow) -> str:
    """Whether each of the two conditions holds."""
    kept = {"yes": "kept", "no": "not kept", "unclear": "unclear"}[found.is_recall_kept]
    fewer = {"yes": "fewer", "no": "not fewer", "unclear": "unclear"}[found.are_alarms_fewer]
    return (
        f"recall within {100 * found.recall_margin:g} points is {kept}, false alarms are {fewer} "
        f"({100 * found.level:g} % intervals)"
    )


def show_signed(difference: Estimate | None) -> str:
    """A difference that is no share, with its sign and interval: -3.1 (-5.0 to -1.2)."""
    if difference is None or difference.interval is None:
        return "–"
    low, high = difference.interval
    return f"{difference.value + 0.0:+.1f} ({low + 0.0:+.1f} to {high + 0.0:+.1f})"


def _describe_feedback(new: str, item: FeedbackCount) -> str:
    return (
        f"Users called the guard's verdict {item.feedback} on {counted(item.rows, 'row')} that it "
        f"{item.verdict}; {new} flags {item.new_flagged:,} of them. No label follows from that."
    )
