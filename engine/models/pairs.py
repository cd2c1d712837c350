"""Pairs of a context and a text, as baselines take them, and why one cannot be classified."""

from collections.abc import Callable, Sequence
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from engine.models.detector import Verdict
from engine.models.inputs import find_row_fault

Pair = tuple[str, str]  # context, text
Advance = Callable[[int], None]
"""What is told a number of rows as soon as they are done."""


NOT_FINITE: Final = "the model's output is not a finite number"


class PairModel(Protocol):
    """What classifies pairs that have both texts."""

    def verdicts(self, pairs: Sequence[Pair], batch_size: int, advance: Advance) -> list[Verdict]:
        """One verdict for each pair, in order; `advance` is told of each pair once."""


class PairScorer(Protocol):
    """What gives a pair one number: how much its text has to do with its context."""

    def score(
        self, pairs: Sequence[Pair], batch_size: int, advance: Advance
    ) -> NDArray[np.float64]:
        """One score for each pair, in order; not a number where nothing can be compared."""


class PairBaseline:
    """A baseline for pairs, which classifies them as a detector does."""

    def __init__(self, model: PairModel) -> None:
        self._model = model

    def classify(
        self,
        texts: Sequence[str | None],
        batch_size: int,
        advance: Advance = lambda rows: None,
        contexts: Sequence[str | None] | None = None,
    ) -> list[Verdict]:
        """One verdict for each pair, in order; a blank text or context is an error."""
        given = list(zip(texts, contexts or [None] * len(texts), strict=True))
        faults = [find_row_fault(*pair, takes_pairs=True) for pair in given]
        verdicts = [Verdict(error=fault) for fault in faults]
        kept = [place for place, fault in enumerate(faults) if fault is None]
        pairs = [(context or "", text or "") for text, context in map(given.__getitem__, kept)]
        found = self._model.verdicts(pairs, batch_size, advance)
        for place, verdict in zip(kept, found, strict=True):
            verdicts[place] = verdict
        advance(len(texts) - len(kept))
        return verdicts
