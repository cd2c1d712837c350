"""The figures of patterns in sentences, as the command and the screen give them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from store.counting import counted
from tui.services.inert import one_line
from tui.services.numbers import show_percent

if TYPE_CHECKING:
    from tui.services.results.patterns import Patterns


def describe_figures(found: "Patterns") -> Iterator[str]:
    """How much was flagged and labelled, the precision, and the false alarms: a sentence each."""
    by = f" by {one_line(found.guard)}" if found.guard else ""
    yield (
        f"{found.flagged:,} of {counted(found.traffic, 'row')} flagged{by}; {found.selected:,} in "
        f"patterns, {found.decided:,} in labelled ones, {found.undecided:,} undecided."
    )
    if found.precision is not None:
        yield f"Precision {show_percent(found.precision)} %. {describe_basis(found)}"
    if found.false_alarms is not None:
        rate = found.false_alarms
        yield (
            f"False alarms: {rate.value:.2f} of 1,000 rows of traffic "
            f"({rate.low:.2f}–{rate.high:.2f})."
        )


def describe_basis(found: "Patterns") -> str:
    """What the precision rests on, and what it takes for granted; "" where there is none yet."""
    if found.precision is None:
        return ""
    representatives = counted(found.read - found.audited, "representative")
    if not found.audited:
        return (
            f"By {representatives} alone, effective n {found.effective_n:.1f}: every row of a "
            "pattern is taken for what its representative is, and undecided patterns for like the "
            "others. `backquery audit` reads members too."
        )
    return (
        f"By {representatives} and {counted(found.audited, 'audited member')}, effective n "
        f"{found.effective_n:.1f}: audited members stand for the others of their pattern, and "
        "undecided patterns are taken for like the decided ones."
    )
