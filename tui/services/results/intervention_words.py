"""How periods of interventions are named, and how their changes are marked."""

from datetime import datetime
from typing import TYPE_CHECKING, Final

from tui.services.periods import Length

if TYPE_CHECKING:
    from tui.services.results.intervention_rates import Change, Period

_FORMATS: Final[dict[Length, str]] = {
    "hour": "%Y-%m-%d %H:%M %Z",  # with the zone, for an hour that the clock shows twice
    "day": "%Y-%m-%d %a",
    "week": "%Y-%m-%d %a",
}


def show_begin(begin: datetime, by: Length) -> str:
    """When a period begins, in local time: 2026-10-25 02:00 CEST."""
    return begin.strftime(_FORMATS[by])


def name_tick(begin: datetime, by: Length) -> str:
    """When a period begins, as short as it can be: 25 14h, 10-25."""
    return begin.strftime("%d %Hh" if by == "hour" else "%m-%d")


def show_change(change: "Change | None") -> str:
    """A change per 1,000 with its sign and interval: +4.9 (+3.2 to +6.6)."""
    if change is None:
        return ""
    found = change.difference
    value, low, high = (
        f"{round(1000 * share, 1) + 0.0:+.1f}"  # 0.0, for -0.0 looks like a fall
        for share in (found.value, found.low, found.high)
    )
    return f"{value} ({low} to {high})"


def show_p(p: float) -> str:
    """A p with three digits, or that it is below them."""
    return "<0.001" if p < 0.001 else f"{p:.3f}"


def marks_of(period: "Period") -> str:
    """▲ or ▼ for a change since the period before, then △ or ▽ for one since all before."""
    return (_mark(period.since_last, "▲▼") + _mark(period.since_all, "△▽")).rstrip()


def _mark(change: "Change | None", signs: str) -> str:
    if change is None or not change.is_marked:
        return " "
    return signs[0] if change.difference.value > 0 else signs[1]
