"""What a log says of a text, in words; whatever comes from the log is to be shown inert."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from store.logged import Logged, Told


def describe_told(told: "Told", otherwise: str) -> str:
    """Who said what a cluster is: flagged by a guard, passed, predicted by a detector."""
    return _describe(told.verdict, told.guard, otherwise)


def describe_logged(found: "Logged") -> Iterator[str]:
    """What the guard said, and then when and where; lines without anything are left out.

    Times are local.
    """
    said = _describe(found.verdict, _versioned(found), "") if found.verdict else ""
    score = "" if found.score is None else f"score {found.score:.2f}"
    detector = f"predicted by {found.detector}" if found.detector else ""
    yield from _line(", ".join(filter(None, (said, score))), *found.categories, detector)
    yield from _line(
        show_local(found.logged_at) if found.logged_at else "",
        f"conversation {found.conversation}" if found.conversation else "",
        f"a user called the verdict {found.feedback}" if found.feedback else "",
    )


def show_local(moment: datetime) -> str:
    """A moment in UTC, without a zone, as the clock here shows it: 2026-01-05 09:00."""
    return moment.replace(tzinfo=UTC).astimezone().strftime("%Y-%m-%d %H:%M")


def _describe(verdict: str | None, guard: str | None, otherwise: str) -> str:
    by = f" by {guard}" if guard else ""
    match verdict:
        case "flagged" | "passed":
            return f"{verdict}{by}"
        case "failed":
            return f"not answered{by}"
        case _:
            return f"predicted{by}" if guard else otherwise


def _versioned(found: "Logged") -> str | None:
    return " ".join(filter(None, (found.guard, found.guard_version))) or None


def _line(*parts: str) -> Iterator[str]:
    if line := " · ".join(filter(None, parts)):
        yield line
