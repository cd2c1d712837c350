"""How good the labels are now, in one sentence."""

from typing import TYPE_CHECKING, Final

from store.counting import counted
from tui.services.numbers import show_percent

if TYPE_CHECKING:
    from engine.spreading.rating import ForecastDecisions
    from tui.services.results.label_quality import LabelQuality

METHODS: Final = {"cross-validation": "by cross-validation", "audit": "by the audit"}
BRIEF: Final = {"cross-validation": "cross-validated", "audit": "audited"}


def describe_quality(quality: "LabelQuality") -> str:
    """The share of right labels with its interval, n and method, and what more keys would bring."""
    right, method = quality.right, quality.method
    if right is None or method is None:
        return f"Labels right: unknown, {quality.unknown}."
    share = f"Labels right: {show_percent(right)} %, n = {right.n:,}, estimated {METHODS[method]}"
    return f"{share}; {describe_forecast(quality)}." if quality.curve else f"{share}."


def describe_forecast(quality: "LabelQuality") -> str:
    """How many keys more bring the goal, with an 80 % interval."""
    ahead: ForecastDecisions | None = quality.forecast
    if ahead is None:
        return "how many more keys would bring 90 % is unknown"
    goal = f"{100 * ahead.goal:.0f} %"
    if ahead.more == 0:
        return f"{goal} is reached"
    between = _between(ahead)
    return f"about {counted(ahead.more, 'more key')} would bring {goal} (80 % interval {between})"


def describe_briefly(quality: "LabelQuality") -> str:
    """The same in some 78 cells."""
    right, method, ahead = quality.right, quality.method, quality.forecast
    if right is None or method is None:
        return f"Right: unknown, {quality.unknown}"
    share = f"Right {show_percent(right)} %, n = {right.n:,}, {BRIEF[method]}"
    if ahead is None:
        return f"{share}; when 90 %: unknown"
    between = _between(ahead).replace(" or more", "+")
    more = f"in ~{ahead.more:,} keys ({between})" if ahead.more else "reached"
    return f"{share}; {100 * ahead.goal:.0f} % {more}"


def _between(ahead: "ForecastDecisions") -> str:
    """The ends of the forecast's interval."""
    return f"{ahead.low:,}–{ahead.high:,}" if ahead.high is not None else f"{ahead.low:,} or more"
