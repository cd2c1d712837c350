"""The doubtful labels that wait, and those that were decided meanwhile."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.services.results.suspects import Suspect


class SuspectQueue:
    """The most doubtful first; one that is decided leaves, and comes back when that is undone."""

    def __init__(self, suspects: "Sequence[Suspect]" = ()) -> None:
        self._waiting = list(suspects)
        self._decided: list[tuple[int, Suspect]] = []
        self.place = 0

    def __len__(self) -> int:
        """How many wait."""
        return len(self._waiting)

    @property
    def current(self) -> "Suspect | None":
        """The one that is shown; None if none waits."""
        return self._waiting[self.place] if self._waiting else None

    @property
    def can_undo(self) -> bool:
        """Whether one was decided here."""
        return bool(self._decided)

    def move(self, by: int) -> None:
        """Go to another one; at either end there is no further one."""
        self.place = max(min(self.place + by, len(self._waiting) - 1), 0)

    def decide(self) -> None:
        """Take the current one out, and go on to the next."""
        self._decided.append((self.place, self._waiting.pop(self.place)))
        self.move(0)

    def bring_back(self) -> None:
        """Put the one back that was decided last, and go to it."""
        place, suspect = self._decided.pop()
        self._waiting.insert(place, suspect)
        self.place = place
