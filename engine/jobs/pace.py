"""How fast work goes, and how long it will still take, from how much was done by when.

Times are seconds on a clock that stands still while a stage waits.
"""

from collections import deque
from typing import Final

WINDOW_S: Final = 60.0
SHORTEST_S: Final = 1.0  # what is shorter says nothing of a rate
_MARK_EVERY_S: Final = 0.5

HALF_LIFE_S: Final = 300.0
"""After so long, what was seen counts half in the time left: longer than most batches take, so
that neither their slow ends nor their beginnings move it."""

CATCHES_UP_S: Final = 15.0
"""After so long, half of what the time left was off by is made up for."""


class Pace:
    """A moving mean of work per second, over the last minute in which some was done.

    It ends with the newest work, not now: it does not decay until the next comes. After a silence
    of twice its span, or of a minute if that is longer, there is none.
    """

    def __init__(self, now: float, amount: float = 0) -> None:
        self._marks = deque([(now, amount)])

    def see(self, now: float, amount: float) -> None:
        """Take in how much has been done by now, over all."""
        newest = self._marks[-1]
        if amount < newest[1]:  # some of it was lost
            self._marks = deque([(now, amount)])
        elif amount > newest[1]:
            if len(self._marks) > 1 and newest[0] - self._marks[-2][0] < _MARK_EVERY_S:
                self._marks.pop()
            self._marks.append((now, amount))
            while len(self._marks) > 2 and self._marks[1][0] <= now - WINDOW_S:
                self._marks.popleft()

    def per_s(self, now: float) -> float | None:
        """The rate; None before there is any, and after a long silence."""
        (began, before), (ended, after) = self._marks[0], self._marks[-1]
        span = ended - began
        if span < SHORTEST_S or now - ended > max(WINDOW_S, 2 * span):
            return None
        return (after - before) / span


class TimeLeft:
    """The seconds until all work is done; they go by evenly, and follow what is learnt slowly."""

    def __init__(self, now: float, amount: float = 0) -> None:
        self._began = self._seen = now
        self._amount = amount
        self._faded_work = self._faded_s = 0.0
        self._shown: float | None = None

    def see(self, now: float, amount: float, left: float | None) -> float | None:
        """Take in the work that is done and the work that is left; None as long as it is unknown.

        Both are in the same unit. With nothing left there are 0 seconds.
        """
        passed = max(now - self._seen, 0.0)
        fade = 0.5 ** (passed / HALF_LIFE_S)
        self._faded_work = self._faded_work * fade + max(amount - self._amount, 0.0)
        self._faded_s = self._faded_s * fade + passed
        self._seen, self._amount = now, amount
        if left is None or self._faded_work <= 0 or self._faded_s < SHORTEST_S:
            self._shown = None
            return None
        reckoned = left * self._faded_s / self._faded_work
        self._shown = self._approach(reckoned, passed)
        return self._shown

    def _approach(self, reckoned: float, passed: float) -> float:
        if self._shown is None:
            return reckoned
        expected = max(self._shown - passed, 0.0)
        # What is shown at first is known badly, so it is left sooner.
        half_s = min(CATCHES_UP_S, (self._seen - self._began) / 4)
        kept = 0.5 ** (passed / half_s) if half_s > 0 else 0.0
        return reckoned + (expected - reckoned) * kept
