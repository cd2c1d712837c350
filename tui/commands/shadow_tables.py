"""A shadow as tables: what changes, on which texts, and what the labelled rows say of it."""

from collections.abc import Sequence
from typing import Final

from store.counting import counted
from store.shadow import ChangedRow
from tui.commands.figures import percent
from tui.commands.output import print_table, tell
from tui.services.inert import one_line
from tui.services.numbers import show_points, show_rate
from tui.services.results.recall_words import describe_flagger
from tui.services.results.shadow import Shadow
from tui.services.results.shadow_words import describe_labels, describe_verdict, show_signed

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
    if found.labelled_rows.compared:
        _print_labelled(found)
    for line in (*describe_labels(found), *found.notes, describe_verdict(found)):
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
