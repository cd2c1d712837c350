"""How near a text is to its context by the cosine of their vectors, of any sentence encoder."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine.models.context_cache import ContextCache
from engine.models.pairs import Advance, Pair


class TextEncoder(Protocol):
    """What turns texts into vectors of length 1; see `encoder.Encoder`."""

    def embed(self, texts: Sequence[str], batch_rows: int = 32) -> NDArray[np.float32]:
        """One vector for each text, [texts, width], in their order."""


class CosineScorer:
    """The cosine of both texts, from -1 to 1; a context is embedded once for all its pairs."""

    def __init__(self, encoder: TextEncoder) -> None:
        self._encoder, self._contexts = encoder, ContextCache(encoder.embed)

    def score(
        self, pairs: Sequence[Pair], batch_size: int, advance: Advance
    ) -> NDArray[np.float64]:
        """One cosine for each pair, in order."""
        if not pairs:
            return np.empty(0)
        contexts = np.stack(self._contexts.states([context for context, _ in pairs]))
        texts = self._encoder.embed([text for _, text in pairs], batch_size)
        advance(len(pairs))
        found: NDArray[np.float64] = (contexts * texts).sum(axis=1, dtype=np.float64)
        return found
