"""How figures are written: shares with three digits, their intervals beside them.

A dash is shown in place of a figure that is undefined.
"""

from typing import Final

from engine.statistics.estimate import Estimate

# The measures of a detector, as its scores have them and as they are called.
MEASURES: Final = {
    "accuracy": "accuracy",
    "precision": "precision",
    "recall": "recall",
    "gap": "gap",
    "f1": "F1",
    "fpr": "FPR",
    "roc_auc": "ROC-AUC",
    "pr_auc": "PR-AUC",
}

# What it would give at a threshold that keeps to a bound, and the bound, as columns are called.
RATES: Final = {
    "recall_at_fpr_1": "recall at FPR 1 %",
    "recall_at_fpr_5": "recall at FPR 5 %",
    "recall_at_fpr_10": "recall at FPR 10 %",
    "fpr_at_recall_80": "FPR at recall 80 %",
    "fpr_at_recall_90": "FPR at recall 90 %",
}

_STEPS_LEFT: Final = ((60, 5), (600, 15), (3600, 60))  # below so many seconds, in such steps


# Measures that order contestants, and whether more of one is better (1) or less (-1). The gap
# has no better.
DIRECTIONS: Final = {
    "accuracy": 1, "precision": 1, "recall": 1, "f1": 1, "fpr": -1, "roc_auc": 1, "pr_auc": 1,
    "brier": -1, "calibration_error": -1, "recall_at_fpr_1": 1, "recall_at_fpr_5": 1,
    "recall_at_fpr_10": 1, "fpr_at_recall_80": -1, "fpr_at_recall_90": -1,
}  # fmt: skip


def show_number(value: float | None) -> str:
    """A figure from 0 to 1 with three digits."""
    return "–" if value is None else f"{value:.3f}"


def show_share(share: Estimate | None) -> str:
    """A figure with its interval: 0.851 (0.813–0.882)."""
    if share is None or share.interval is None:
        return show_number(share.value if share else None)
    low, high = share.interval
    return f"{share.value:.3f} ({show_interval(low, high, 3)})"


def show_difference(share: Estimate | None) -> str:
    """A difference with its sign and interval: +0.030 (+0.022 to +0.038)."""
    if share is None:
        return "–"
    if share.interval is None:
        return f"{share.value:+.3f}"
    low, high = share.interval
    return f"{share.value:+.3f} ({low:+.3f} to {high:+.3f})"


def show_percent(share: Estimate | None, *, with_interval: bool = True) -> str:
    """A share in per cent with its interval: 85.1 (81.3–88.2)."""
    if share is None:
        return "–"
    value = show_plain_percent(share.value)
    if share.interval is None or not with_interval:
        return value
    low, high = share.interval
    return f"{value} ({show_interval(100 * low, 100 * high, 1)})"


def show_points(difference: Estimate | None) -> str:
    """A difference of shares in points, with its sign and interval: +3.0 (+2.2 to +3.8)."""
    if difference is None:
        return "–"
    value, *ends = (
        f"{round(100 * share, 1) + 0.0:+.1f}"  # 0.0, for -0.0 looks like a loss
        for share in (difference.value, *(difference.interval or ()))
    )
    return f"{value} ({' to '.join(ends)})" if ends else value


def show_rate(rate: Estimate | None) -> str:
    """A figure that is no share, such as one per 1,000, with its interval: 28.0 (15.2–50.9)."""
    if rate is None:
        return "–"
    return f"{rate.value:.1f} ({show_interval(rate.low, rate.high, 1)})"


def show_plain_percent(share: float | None) -> str:
    """A share from 0 to 1 in per cent: 85.1."""
    return "–" if share is None else f"{100 * share:.1f}"


def show_speed(rows_per_second: float, latency_ms: float, *, is_pair: bool = False) -> str:
    """The rows predicted in a second, or the pairs in a minute, and how long one takes."""
    rate = 60 * rows_per_second if is_pair else rows_per_second
    rows = f"{rate:,.0f}" if rate >= 10 else f"{rate:.2g}"
    one = f"{latency_ms:.1f} ms" if latency_ms < 1000 else f"{latency_ms / 1000:,.1f} s"
    return f"{rows} {'pairs/min' if is_pair else 'rows/s'}, one in {one}"


def show_duration(seconds: float) -> str:
    """A duration as people say it: 48 s, 3 min 20 s, 2 h 05 min."""
    total = round(seconds)
    if total < 60:
        return f"{total} s"
    if total < 3600:
        return f"{total // 60} min {total % 60:02} s"
    return f"{total // 3600} h {total % 3600 // 60:02} min"


def show_time_left(seconds: float) -> str:
    """A duration as it is estimated: in steps of 5 s below a minute, of minutes in hours."""
    step = next((step for limit, step in _STEPS_LEFT if seconds < limit), 300)
    return show_duration(max(round(seconds / step), 1) * step)


def show_interval(low: float, high: float, digits: int) -> str:
    """The ends of an interval: 81.3–88.2. A dash would look like a sign beside a negative one."""
    between = " to " if low < 0 else "–"
    return f"{low:.{digits}f}{between}{high:.{digits}f}"
