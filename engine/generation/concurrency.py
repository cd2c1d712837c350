"""How many requests a model server is sent at a time: a fixed number, or as many as pay.

A server that works in batches answers more tokens per second the more requests it has, up to a
point that depends on its model, its memory and its settings; past that, requests only queue. One
that limits its users turns requests away. Neither says so beforehand.
"""

import threading
from dataclasses import dataclass
from typing import Annotated, Final, Literal, Protocol

from pydantic import Field

MOST: Final = 256
FIRST: Final = 16
GAIN: Final = 1.05  # throughput that is worth a larger limit, as a multiple of that before
FASTEST_GROWTH: Final = 2.0
CAREFUL_GROWTH: Final = 1.25  # once the server has turned requests away
FEWEST_REPLIES: Final = 8  # that a limit is measured by
SETTLED_ROUNDS: Final = 10  # replies to a limit's each slot after which a larger one is tried again

TIMEOUT_S: Final = 300.0
"""Seconds for which a request is waited for without a byte; the server's own queue counts."""

Concurrent = Literal["auto"] | Annotated[int, Field(ge=1, le=MOST)]
"""What the setting `concurrent` may be."""


class Limit(Protocol):
    """The most requests at a time; threads tell it how requests ended."""

    @property
    def value(self) -> int:
        """The limit as it is now."""

    def count(self, began_s: float, now_s: float, tokens: int) -> None:
        """Count a reply of so many tokens to a request sent at `began_s`."""

    def overload(self, began_s: float, now_s: float) -> None:
        """Count a request that was turned away for load, or not answered in time."""


@dataclass(frozen=True, slots=True)
class FixedLimit:
    """A limit that stays."""

    value: int

    def count(self, began_s: float, now_s: float, tokens: int) -> None:
        """Nothing follows from it."""

    def overload(self, began_s: float, now_s: float) -> None:
        """Nothing follows from it; the request itself is sent again later."""


@dataclass(frozen=True, slots=True)
class _Measured:
    limit: int
    tokens_per_s: float


class AdaptiveLimit:
    """A limit that grows while throughput grows, and is halved by overload.

    Throughput is the limit times the mean speed of one request (Little's law), over requests that
    were sent under this limit: replies come in bursts, so tokens within a stretch of time would
    say little. As in TCP (Jacobson, 1988), growth is by doubling until the first overload, and by a
    quarter after it. Where more brought no gain, the smaller limit is kept for a while.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._limit = FIRST
        self._growth = FASTEST_GROWTH
        self._smaller: _Measured | None = None  # what a gain is measured against
        self._begin(0.0, FIRST, FEWEST_REPLIES)

    @property
    def value(self) -> int:
        """The limit as it is now."""
        return self._limit

    def count(self, began_s: float, now_s: float, tokens: int) -> None:
        """Count a reply; the last one that is needed moves the limit."""
        with self._lock:
            if began_s < self._since_s:
                return
            self._replies += 1
            self._tokens += max(tokens, 1)
            self._busy_s += now_s - began_s
            if self._replies >= self._needed and self._busy_s > 0:
                self._decide(now_s)

    def overload(self, began_s: float, now_s: float) -> None:
        """Halve the limit, unless the request was sent before it last moved."""
        with self._lock:
            if began_s < self._since_s:
                return
            self._growth, self._smaller = CAREFUL_GROWTH, None
            limit = max(1, self._limit // 2)
            self._begin(now_s, limit, SETTLED_ROUNDS * limit)

    def _decide(self, now_s: float) -> None:
        found = _Measured(self._limit, self._limit * self._tokens / self._busy_s)
        smaller = self._smaller
        if smaller is not None and found.tokens_per_s < GAIN * smaller.tokens_per_s:
            self._smaller = None
            self._begin(now_s, smaller.limit, SETTLED_ROUNDS * smaller.limit)
            return
        self._smaller = found
        grown = min(MOST, max(self._limit + 1, int(self._limit * self._growth)))
        self._begin(now_s, grown, max(FEWEST_REPLIES, grown // 2))

    def _begin(self, now_s: float, limit: int, needed: int) -> None:
        """Measure a limit, from requests on that are sent from now on."""
        self._limit, self._since_s, self._needed = limit, now_s, needed
        self._replies, self._tokens, self._busy_s = 0, 0, 0.0


def make_limit(concurrent: Concurrent) -> Limit:
    """The limit of a setting."""
    return AdaptiveLimit() if concurrent == "auto" else FixedLimit(concurrent)
