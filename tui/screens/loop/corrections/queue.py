"""The patterns whose corrections are looked through, in the order in which they came."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from store.approvals import CorrectedPattern


class PatternQueue:
    """Patterns that stay in their places; new ones come at the end."""

    def __init__(self) -> None:
        self._patterns: list[CorrectedPattern] = []
        self.place = 0

    def __len__(self) -> int:
        """How many there are."""
        return len(self._patterns)

    @property
    def current(self) -> "CorrectedPattern | None":
        """The one that is shown; None if there is none."""
        return self._patterns[self.place] if self._patterns else None

    @property
    def waiting(self) -> int:
        """How many have corrections that are not approved."""
        return sum(not pattern.is_approved for pattern in self._patterns)

    def take(self, patterns: "Sequence[CorrectedPattern]") -> None:
        """Take the patterns as they are now; the current one stays current if it is there."""
        current, found = self.current, {pattern.cluster_id: pattern for pattern in patterns}
        known = [pattern.cluster_id for pattern in self._patterns if pattern.cluster_id in found]
        self._patterns = [found[name] for name in dict.fromkeys([*known, *found])]
        self.place = min(self.place, max(len(self._patterns) - 1, 0))
        if current is not None:
            self.go_to(current.cluster_id)

    def go_to(self, cluster_id: str) -> None:
        """Make a pattern the current one, if it is there."""
        names = [pattern.cluster_id for pattern in self._patterns]
        if cluster_id in names:
            self.place = names.index(cluster_id)

    def go_on(self) -> None:
        """Go to the next one that waits, around the end; stay where none does."""
        count = len(self._patterns)
        places = ((self.place + step) % count for step in range(1, count + 1))
        waiting = (place for place in places if not self._patterns[place].is_approved)
        self.place = next(waiting, self.place)

    def move(self, by: int) -> None:
        """Go to another one; at either end there is no further one."""
        self.place = max(min(self.place + by, len(self._patterns) - 1), 0)
