"""How long a model server is left alone after a failed request, and who is told of it."""

import email.utils
import math
import threading
from collections.abc import Callable, Mapping
from typing import Final

LONGEST_S: Final = 300.0
"""However long a server asks for, it is asked again after five minutes."""

_LONGEST_GROWN_S: Final = 60.0
_EPOCH_S: Final = 1e9  # larger numbers are points in time (2001 and later), not durations
_EPOCH_MS: Final = 1e11  # and from here on in milliseconds

Sleep = Callable[[threading.Event, float], object]


def sleep_unless_stopped(stopped: threading.Event, seconds: float) -> None:
    """Sleep, but wake at once when the call is given up."""
    stopped.wait(seconds)


def pause_s(attempt: int, jitter: float, headers: Mapping[str, str], now_s: float) -> float:
    """The seconds to wait after failed attempt number `attempt`, counted from 1; at most 300.

    What the headers ask for, but at least 1, 2, 4, … up to 60 seconds, times a factor between 0.5
    and 1 made from `jitter` (0 to 1), so that requests spread out. `headers` have lower-case
    names; `now_s` is in seconds since 1970.
    """
    grown = min(_LONGEST_GROWN_S, 2.0 ** min(attempt - 1, 6)) * (0.5 + jitter / 2)
    return min(LONGEST_S, max(grown, _asked_s(headers, now_s)))


def _asked_s(headers: Mapping[str, str], now_s: float) -> float:
    """The seconds that Retry-After or retry-after-ms ask for; 0 if they ask for nothing.

    Retry-After may hold seconds, a date, or, against the standard, a point in time as a number.
    """
    milliseconds = _number(headers.get("retry-after-ms", ""))
    if milliseconds is not None:
        return milliseconds / 1000
    text = headers.get("retry-after", "")
    number = _number(text)
    if number is None:
        return _date_s(text, now_s) - now_s
    if number >= _EPOCH_MS:
        return number / 1000 - now_s
    return number - now_s if number >= _EPOCH_S else number


def _number(text: str) -> float | None:
    try:
        number = float(text.strip())
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _date_s(text: str, now_s: float) -> float:
    """An HTTP date in seconds since 1970; now if it is not one."""
    try:
        return email.utils.parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, OverflowError, OSError):
        return now_s


class Announcement:
    """Tells `waiting` each new reason once, and "" when a reply came, one thread at a time."""

    def __init__(self, waiting: Callable[[str], None]) -> None:
        self._tell = waiting
        self._told = ""
        self._lock = threading.Lock()

    def begin(self, reason: str) -> None:
        """Say what is waited for, unless it was announced last."""
        with self._lock:
            if reason != self._told:
                self._told = reason
                self._tell(reason)

    def end(self) -> None:
        """Say that the wait is over."""
        self.begin("")
