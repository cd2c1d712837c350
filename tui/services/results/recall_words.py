"""What an estimate of recall says, in sentences."""

from typing import TYPE_CHECKING, Final

from store.counting import counted
from tui.services.numbers import show_percent, show_rate
from tui.services.results.flagger_names import GUARD, LOG

if TYPE_CHECKING:
    from tui.services.results.recall import Recall, RecallStratum

UNSCORED: Final = "no score"


def describe_recall(found: "Recall") -> list[str]:
    """Sentences on how far the sample is labelled, and what it says."""
    who = describe_flagger(found.name)
    rows = counted(found.flagged + found.unflagged, "row")
    return [
        f"{found.labelled:,} of {counted(found.drawn, 'row')} labelled. "
        f"Of {rows}, {who} flagged {found.flagged:,}{_scores(found)}.",
        *_waiting(found),
        f"Misses per 10,000 that were not flagged: {show_rate(found.per_10000)}",
        f"Precision of what was flagged, %: {show_percent(found.precision)}"
        + (f", of {counted(found.patterns, 'labelled pattern')}" if found.patterns else ""),
        f"Recall, %: {show_percent(found.recall)}",
        *found.notes,
    ]


def describe_flagger(name: str) -> str:
    """The guard, or a detector by its name."""
    return "the guard" if name == GUARD else name


def _scores(found: "Recall") -> str:
    if found.scored_by is None:
        return ", without scores"
    return "" if found.scored_by == LOG else f", with scores by {found.scored_by}"


def _waiting(found: "Recall") -> list[str]:
    """What still has no label, and why."""
    left = found.drawn - found.labelled - found.put_off - found.shared
    return [
        *([f"{counted(left, 'row')} to label: `backquery label`."] if left else []),
        *([f"{counted(found.put_off, 'row')} skipped or unsure."] if found.put_off else []),
        *(
            [f"{counted(found.shared, 'row')} in clusters of several: label them as members."]
            if found.shared
            else []
        ),
        *(
            [
                f"{counted(found.added, 'row')} not flagged since the sample was drawn: "
                "--sample draws one of all."
            ]
            if found.added
            else []
        ),
    ]


def describe_scores(stratum: "RecallStratum") -> str:
    """From which score on, and below which; the digits that tell strata apart."""
    if stratum.low is None or stratum.high is None:
        return UNSCORED
    return f"{stratum.low:.3f} to {stratum.high:.3f}"
