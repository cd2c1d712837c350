"""How near a text is to its context token by token: the late interaction of ColBERT.

Khattab and Zaharia, ColBERT: Efficient and Effective Passage Search via Contextualized Late
Interaction over BERT, SIGIR 2020. Any encoder will do here, whose own tokens are compared.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from engine.models.context_cache import ContextCache
from engine.models.pairs import Advance, Pair

if TYPE_CHECKING:
    from torch import Tensor


class TokenEncoder(Protocol):
    """What turns the tokens of texts into vectors of length 1; see `encoder.Encoder`."""

    def embed_tokens(self, texts: Sequence[str], batch_rows: int = 32) -> "list[Tensor]":
        """One tensor for each text, [tokens, width], in their order."""


class LateInteractionScorer:
    """MaxSim of pairs, from -1 to 1; a context's tokens are embedded once for many pairs."""

    def __init__(self, encoder: TokenEncoder) -> None:
        self._encoder, self._contexts = encoder, ContextCache(encoder.embed_tokens)

    def score(
        self, pairs: Sequence[Pair], batch_size: int, advance: Advance
    ) -> NDArray[np.float64]:
        """One score for each pair, in order; not a number for a text without tokens."""
        scores = np.empty(len(pairs))
        order = sorted(range(len(pairs)), key=lambda place: -len(pairs[place][1]))
        for start in range(0, len(order), batch_size):
            chosen = order[start : start + batch_size]
            texts = self._encoder.embed_tokens([pairs[place][1] for place in chosen], batch_size)
            contexts = self._contexts.states([pairs[place][0] for place in chosen])
            scores[chosen] = [max_sim(*pair) for pair in zip(texts, contexts, strict=True)]
            advance(len(chosen))
        return scores


def max_sim(text: "Tensor", context: "Tensor") -> float:
    """The mean over a text's tokens of the cosine to the nearest token of its context.

    Both are [tokens, width], of vectors of length 1. ColBERT has the sum, by which a longer text
    would always be nearer. Not a number where one of them has no tokens.
    """
    if not len(text) or not len(context):
        return float("nan")
    return float((text @ context.T).amax(dim=1).mean())
