"""Choosing among candidates: of several questions for a seed, the one nearest to it in meaning."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.generation.flags import is_echo

Embed = Callable[[Sequence[str]], NDArray[np.float32]]
"""Gives each text a vector of length 1, [texts, width]."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The candidates of one seed in the order they were written, and the number of the kept one.

    A score is the cosine between candidate and seed; None if there was nothing to compare.
    """

    kept: int
    texts: tuple[str | None, ...]
    scores: tuple[float | None, ...]

    def to_rows(self) -> list[dict[str, object]]:
        """What is kept of the candidates in the table `queries`."""
        return [
            {"text": text, "score": score}
            for text, score in zip(self.texts, self.scores, strict=True)
        ]


def choose_nearest(
    seeds: Sequence[str], candidates: Sequence[Sequence[str | None]], embed: Embed
) -> list[Choice]:
    """A choice for each seed, of at least one candidate; None is one that failed.

    One without words is kept only if none has any, and then it is the first. One that says
    what the seed says is nearest by nature and no question: it is kept only if all do. Ties
    go to the lowest number; equal texts have equal scores.
    """
    worded = [[text for text in texts if text and text.split()] for texts in candidates]
    wanted = dict.fromkeys(
        text for seed, texts in zip(seeds, worded, strict=True) if texts for text in (seed, *texts)
    )
    vectors = dict(zip(wanted, embed(list(wanted)) if wanted else (), strict=True))
    choices = []
    for seed, texts in zip(seeds, candidates, strict=True):
        scores = tuple(
            float(vectors[seed] @ vectors[text]) if text in vectors else None for text in texts
        )
        choices.append(Choice(_best(seed, texts, scores), tuple(texts), scores))
    return choices


def _best(seed: str, texts: Sequence[str | None], scores: Sequence[float | None]) -> int:
    def rank(number: int) -> tuple[bool, bool, float]:
        text, score = texts[number], scores[number]
        if text is None or score is None:
            return False, False, 0.0
        return True, not is_echo(text, seed), score

    return max(range(len(texts)), key=rank)  # the first of those with the highest rank
