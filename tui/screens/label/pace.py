"""How quickly an annotator decides."""

import statistics
from collections.abc import Sequence
from datetime import datetime
from typing import Final

LONGEST_THOUGHT_S: Final = 300.0  # a longer gap between two decisions was a break


class Pace:
    """How quickly one annotator decides, over all openings of the app."""

    def __init__(self, times: Sequence[datetime]) -> None:
        self.keys = 0
        self._last: datetime | None = None
        self._gaps: list[float] = []
        for time in times:
            self.add(time)

    def add(self, time: datetime) -> None:
        """Count a decision."""
        if self._last is not None:
            gap = (time - self._last).total_seconds()
            if 0 <= gap <= LONGEST_THOUGHT_S:
                self._gaps.append(gap)
        self._last = time
        self.keys += 1

    @property
    def median_s(self) -> float | None:
        """Seconds from one decision to the next, without breaks; None before there are two."""
        return statistics.median(self._gaps) if self._gaps else None
