"""Sets of texts that are compared as wholes: their embeddings, their lengths, how they differ.

A group is a text, but for case and spaces, unless the texts come with groups of their own.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from engine.models.encoder import Encoder
from engine.statistics.two_sample import Separation, tell_apart


def normalised(column: str) -> pl.Expr:
    """Texts of a column but for case and spaces."""
    return pl.col(column).str.to_lowercase().str.replace_all(r"\s+", " ").str.strip_chars()


@dataclass(frozen=True, slots=True)
class TextSet:
    """One of two sets; `tokens` are counted uncut, with special ones."""

    item_ids: list[str]
    texts: list[str]
    groups: list[str]
    tokens: list[int]
    embeddings: NDArray[np.float32]

    @classmethod
    def read(cls, rows: pl.DataFrame, encoder: Encoder) -> "TextSet":
        """The set of these rows: item_id, text, group."""
        texts = rows["text"].to_list()
        return cls(
            rows["item_id"].to_list(),
            texts,
            rows["group"].to_list(),
            encoder.count_tokens(texts),
            encoder.embed(texts),
        )

    def cut(self, places: NDArray[np.int_], max_tokens: int, encoder: Encoder) -> "TextSet":
        """The rows at these places, their texts cut to so many tokens."""
        texts = [self.texts[place] for place in places]
        return TextSet(
            [self.item_ids[place] for place in places],
            texts,
            [self.groups[place] for place in places],
            [min(self.tokens[place], max_tokens) for place in places],
            encoder.embed(texts, max_tokens=max_tokens),
        )


def separate(first: TextSet, second: TextSet, seed: int) -> Iterator[tuple[str, Separation | None]]:
    """How well the sets can be distinguished by "embedding", then by "length" alone."""
    lengths = [
        np.log1p(np.array(own.tokens, dtype=float)).reshape(-1, 1) for own in (first, second)
    ]
    for features, (one, other) in (
        ("embedding", (first.embeddings, second.embeddings)),
        ("length", lengths),
    ):
        yield features, tell_apart(one, other, first.groups, second.groups, seed)
