"""Vectors of texts that come again, such as the contexts of pairs: each is computed once."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Embed = Callable[[Sequence[str]], NDArray[np.float32]]


class TextVectors:
    """The vectors of texts, by `embed`, which is asked about each distinct text once."""

    def __init__(self, embed: Embed) -> None:
        self._embed = embed
        self._held: dict[str, NDArray[np.float32]] = {}

    def of(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The vector of each text, [texts, width]; there must be a text."""
        missing = [text for text in dict.fromkeys(texts) if text not in self._held]
        if missing:
            self._held |= dict(zip(missing, self._embed(missing), strict=True))
        return np.stack([self._held[text] for text in texts])
