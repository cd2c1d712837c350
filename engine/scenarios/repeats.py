"""What a scenario may not repeat: scenarios before it, itself, and the examples that it was shown.

Texts are equal if they differ in nothing but case, width and white space.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from engine.generation.flags import is_echo
from engine.scenarios.form import Scenario
from engine.scenarios.problem import Example
from store.words import normalise

FEWEST_WORDS: Final = 4
REPEATED_SHARE: Final = 0.5
"""Above this share of texts that were written before, a scenario is one that was written before.

A few may recur: "tell me a joke" strays from any context, and is another pair in each.
"""


class WrittenBefore:
    """The contexts and texts of all scenarios so far."""

    def __init__(self, contexts: Iterable[str] = (), texts: Iterable[str] = ()) -> None:
        self._contexts: set[str] = set()
        self._texts: set[str] = set()
        self.add_texts(contexts, texts)

    def add_texts(self, contexts: Iterable[str], texts: Iterable[str]) -> None:
        """Count contexts and texts as written."""
        self._contexts.update(map(normalise, contexts))
        self._texts.update(map(normalise, texts))

    def add(self, scenario: Scenario) -> None:
        """Count a scenario as written."""
        self.add_texts([scenario.context], [item.text for item in scenario.texts])

    def find_repeat(self, scenario: Scenario) -> str | None:
        """What a scenario repeats of itself or of those before, in words; None if nothing."""
        texts = [normalise(item.text) for item in scenario.texts]
        if len(set(texts)) < len(texts):
            return "it has the same text twice"
        if normalise(scenario.context) in self._contexts:
            return "an earlier scenario has the same context"
        known = sum(text in self._texts for text in texts)
        if known > REPEATED_SHARE * len(texts):
            return f"{known} of its {len(texts)} texts were written before"
        return None


def find_echo(scenario: Scenario, examples: Sequence[Example]) -> str | None:
    """Which part of a scenario says nearly word for word what an example does; None if none."""
    if any(is_echo(scenario.context, example.context) for example in examples):
        return "its context is that of an example"
    shown = [text for item in examples for texts in item.texts.values() for text in texts]
    if any(_echoes(item.text, text) for item in scenario.texts for text in shown):
        return "one of its texts is that of an example"
    return None


def _echoes(text: str, shown: str) -> bool:
    """Whether a text is that of an example; a few words may be part of one by chance."""
    is_long = len(text.split()) >= FEWEST_WORDS
    return is_echo(text, shown) if is_long else normalise(text) == normalise(shown)
