"""Draws a context for each text that comes without one, as it would have been drawn again."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from store.counting import counted
from store.ids import row_id

_HEX: Final = 16


class DrawnContexts:
    """Draws from `contexts`, each as likely, and counts what was drawn.

    What a text gets depends on the seed, the text and how often it came before, not on other rows,
    so that a file that grew brings its old rows as they were.
    """

    def __init__(self, contexts: Sequence[str], seed: int) -> None:
        self._contexts = tuple(contexts)
        self._seed = seed
        self._occurrences: Counter[str] = Counter()
        self._used: set[str] = set()

    def draw(self, text: str) -> str:
        """The context of a text."""
        nth = self._occurrences[text]
        self._occurrences[text] += 1
        place = int(row_id("context", self._seed, text, nth), _HEX) % len(self._contexts)
        self._used.add(self._contexts[place])
        return self._contexts[place]

    def describe(self, source: str) -> str:
        """How many texts got a context of this dataset, and of how many."""
        rows = self._occurrences.total()
        if not rows:
            return f"Every row has a context of its own; none was drawn from {source}."
        return (
            f"Drawn from {source} with seed {self._seed}: the contexts of {counted(rows, 'row')}, "
            f"{len(self._used):,} of {counted(len(self._contexts), 'context')}."
        )
