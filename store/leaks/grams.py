"""An index of the runs of tokens in a set of texts, looked up many texts at a time."""

from collections.abc import Sequence
from itertools import chain
from typing import Final

import numpy as np
from numpy.typing import NDArray

Tokens = Sequence[Sequence[int]]
Whole = NDArray[np.int64]

COMMON: Final = 100  # a run found in more texts than this is a form of words, and tells nothing
_MIX: Final = np.uint64(0x9E3779B97F4A7C15)  # odd; 2**64 / the golden ratio


class GramIndex:
    """Which texts hold which runs of `size` tokens. A token is a whole number, 0 an unknown one.

    Runs are told apart by a 64-bit hash; what is found is to be compared anyway.
    """

    def __init__(self, texts: Tokens, size: int) -> None:
        self._size = size
        grams, rows = _grams(texts, size)
        pairs = np.unique(np.stack([grams, rows.astype(np.uint64)], axis=1), axis=0)
        self._grams, starts, counts = np.unique(pairs[:, 0], return_index=True, return_counts=True)
        self._starts, self._counts = starts, np.where(counts > COMMON, 0, counts)
        self._rows = pairs[:, 1].astype(np.int64)

    def shared(self, texts: Tokens) -> tuple[Whole, Whole, Whole]:
        """(text, indexed text, number of the text's runs that the other holds too).

        Only those that share a run are returned, by text and indexed text.
        """
        grams, rows = _grams(texts, self._size)
        if not self._grams.size or not grams.size:
            return (np.empty(0, np.int64),) * 3
        places = np.searchsorted(self._grams, grams).clip(max=self._grams.size - 1)
        known = self._grams[places] == grams
        places, rows = places[known], rows[known]
        counts = self._counts[places]
        firsts = np.repeat(self._starts[places] - counts.cumsum() + counts, counts)
        found = self._rows[firsts + np.arange(firsts.size)]
        keys, shared = np.unique(np.repeat(rows, counts) << 32 | found, return_counts=True)
        return keys >> 32, keys & 0xFFFFFFFF, shared


def _grams(texts: Tokens, size: int) -> tuple[NDArray[np.uint64], Whole]:
    """The hash of every run of known tokens, and the place of the text it is from."""
    lengths = np.fromiter((len(text) for text in texts), np.int64, len(texts))
    tokens = np.fromiter(chain.from_iterable(texts), np.uint64, int(lengths.sum()))
    rows = np.repeat(np.arange(len(texts)), lengths)
    count = tokens.size - size + 1
    if count < 1:
        return np.empty(0, np.uint64), np.empty(0, np.int64)
    grams = np.zeros(count, np.uint64)
    whole = rows[:count] == rows[size - 1 :]
    for offset in range(size):
        part = tokens[offset : offset + count]
        whole &= part > 0
        grams = (grams ^ part) * _MIX
        grams ^= grams >> np.uint64(29)
    return grams[whole], rows[:count][whole]
