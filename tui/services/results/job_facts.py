"""When a job ran and what it worked with: from its files alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tui.services.job_views import JobView

_ASKING: Final = frozenset(
    {"queries", "answers", "judge", "annotate"}
)  # stages that ask a language model


@dataclass(frozen=True, slots=True)
class JobFacts:
    """When a job ended and how long it took, and what it worked with.

    A job that ended without saying so ended when its stages were last heard of, and one that runs
    has taken until then. `took_s` is None if they were never. `models` are the language models that
    it asks, `recipes` those that it trains with, `device` where its stages compute or will.
    """

    ended_at: str | None
    took_s: float | None
    models: tuple[str, ...]
    recipes: tuple[str, ...]
    device: str


def job_facts(view: "JobView") -> JobFacts:
    """The facts of one job."""
    heard_at = view.ended_at or view.heard_at
    stages = view.spec.stages
    asked = [stage.params for stage in stages if stage.name in _ASKING]
    asked += [way for stage in stages for way in stage.params.get("ways", ())]  # of a try
    return JobFacts(
        ended_at=None if view.is_active else heard_at,
        took_s=_seconds(view.spec.created_at, heard_at) if heard_at else None,
        models=_distinct(params.get("model") for params in asked),
        recipes=_distinct(stage.params.get("recipe") for stage in stages),
        device=", ".join(_distinct(stage.device for stage in view.stages)) or view.spec.device,
    )


def show_moment(moment: str, *, is_short: bool = False) -> str:
    """A moment in ISO format as the clock here shows it: 2026-01-05 09:00; the year can go."""
    return _parse(moment).astimezone().strftime("%m-%d %H:%M" if is_short else "%Y-%m-%d %H:%M")


def _seconds(begin: str, end: str) -> float:
    return max((_parse(end) - _parse(begin)).total_seconds(), 0.0)


def _parse(moment: str) -> datetime:
    parsed = datetime.fromisoformat(moment)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def _distinct(found: Iterable[object]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(item) for item in found if item))
