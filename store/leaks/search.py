"""Finds training texts that equal, nearly equal or share their words with a benchmark's texts.

Candidates are not estimated: few edits leave the other words of a text in few stretches, so one of
them is long (pigeonhole), and every run of GRAM words is looked up in an index of the benchmark.
So no copy is missed but one whose every run is a form of words (`grams.COMMON`). Each candidate is
then compared word by word.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from store.leaks.grams import GramIndex, Whole
from store.leaks.similarity import containment, edit_similarity
from store.words import normalise, tokenise

Tokens = tuple[int, ...]
Likeness = Literal["equal", "near copy", "contains it", "part of it"]

NEAR: Final = 0.85  # edit similarity of tokens
INSIDE: Final = 0.9  # containment of the shorter text in the longer
MIN_INSIDE: Final = 8  # tokens; shorter phrases are common to texts that have nothing in common
MIN_TOKENS: Final = 3  # shorter texts are compared as they are, with their punctuation
GRAM: Final = 5  # a near copy of 15 tokens or more has a run of 5 that is untouched, and
SHORT_GRAM: Final = 3  # one of 7 to 14 tokens a run of 3; shorter near copies are equal
SHORT: Final = 14
CHUNK_TOKENS: Final = 500_000


@dataclass(frozen=True, slots=True)
class Leak:
    """The benchmark text that a text is nearest to, by its place, and how near it is.

    `similarity` is 1 for equal texts, the edit similarity of near copies, else the containment.
    """

    benchmark: int
    likeness: Likeness
    similarity: float


def find_leaks(texts: Sequence[str], benchmark: Sequence[str]) -> dict[int, Leak]:
    """The texts, by their place, that leak a benchmark's text, each with the nearest.

    Equal texts are those with the same words; under three words, the same characters after
    normalising. Of equally near benchmark texts the first is named.
    """
    if not benchmark:
        return {}
    index = _Benchmark(benchmark)
    return {
        start + row: leak
        for start, chunk in _chunks(texts, index)
        for row, leak in index.search(chunk).items()
    }


def _chunks(texts: Sequence[str], index: "_Benchmark") -> Iterator[tuple[int, list[Tokens]]]:
    """Yield texts as tokens, so many at a time that memory does not depend on their number."""
    start, size = 0, 0
    chunk: list[Tokens] = []
    for text in texts:
        chunk.append(index.read(text))
        size += len(chunk[-1])
        if size >= CHUNK_TOKENS:
            yield start, chunk
            start, size, chunk = start + len(chunk), 0, []
    yield start, chunk


class _Benchmark:
    """A benchmark's distinct texts as tokens, and where their runs of tokens stand.

    A token is a number, 0 for one that the benchmark does not have.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._vocabulary: dict[str, int] = {}
        self._places: dict[tuple[int, ...], int] = {}
        for place, text in enumerate(texts):
            words = _words(text)
            numbers = (self._vocabulary.setdefault(word, len(self._vocabulary) + 1)
                       for word in words)  # fmt: skip
            self._places.setdefault(tuple(numbers), place)
        self._texts = list(self._places)
        self._short = [row for row, text in enumerate(self._texts) if len(text) <= SHORT]
        self._grams = GramIndex(self._texts, GRAM)
        self._short_grams = GramIndex([self._texts[row] for row in self._short], SHORT_GRAM)

    def read(self, text: str) -> Tokens:
        """A text's tokens."""
        return tuple(self._vocabulary.get(word, 0) for word in _words(text))

    def search(self, texts: Sequence[Tokens]) -> dict[int, Leak]:
        """The leaks among texts, by their place."""
        found = {
            row: Leak(self._places[text], "equal", 1.0)
            for row, text in enumerate(texts)
            if text in self._places
        }
        equal = frozenset(found)
        for row, other in self._candidates(texts):
            known = self._texts[other]
            leak = None if row in equal else _compare(texts[row], known, self._places[known])
            if leak and (row not in found or _order(leak) < _order(found[row])):
                found[row] = leak
        return found

    def _candidates(self, texts: Sequence[Tokens]) -> Iterator[tuple[int, int]]:
        """Yield (text, benchmark text) that share as many runs as a leak must."""
        rows, others, shared = self._grams.shared(texts)
        wanted = _may_leak(_lengths(texts)[rows], _lengths(self._texts)[others], shared)
        yield from zip(rows[wanted].tolist(), others[wanted].tolist(), strict=True)
        short = [row for row, text in enumerate(texts) if len(text) <= SHORT]
        rows, others, _ = self._short_grams.shared([texts[row] for row in short])
        for row, other in zip(rows.tolist(), others.tolist(), strict=True):
            yield short[row], self._short[other]


def _words(text: str) -> list[str]:
    words = tokenise(text)
    return words if len(words) >= MIN_TOKENS else [normalise(text)]


def _lengths(texts: Sequence[Tokens]) -> Whole:
    return np.fromiter((len(text) for text in texts), np.int64, len(texts))


def _may_leak(lengths: Whole, others: Whole, shared: Whole) -> NDArray[np.bool_]:
    """Whether texts of these lengths that share so many runs of GRAM tokens can be leaks.

    An edit changes at most GRAM runs, so of a text's runs all but GRAM an edit are left
    (Ukkonen, Theor. Comput. Sci. 92(1), 1992).
    """
    short, long = np.minimum(lengths, others), np.maximum(lengths, others)
    near = (short >= NEAR * long) & (shared > lengths - GRAM - GRAM * _edits(long, NEAR))
    inside = shared > short - GRAM - GRAM * _edits(short, INSIDE)
    return near | inside & (short >= MIN_INSIDE)


def _edits(lengths: Whole, similarity: float) -> Whole:
    """How many edits leave so much similarity; 1 - 0.9 is a little less than 0.1."""
    edits: Whole = np.floor((1 - similarity) * lengths + 1e-9).astype(np.int64)
    return edits


def _compare(text: Tokens, known: Tokens, place: int) -> Leak | None:
    short, long = sorted((len(text), len(known)))
    if short >= NEAR * long:
        similarity = edit_similarity(text, known)
        if similarity >= NEAR:
            return Leak(place, "near copy", similarity)
    if short >= MIN_INSIDE:
        similarity = containment(text, known)
        if similarity >= INSIDE:
            likeness: Likeness = "contains it" if len(text) > len(known) else "part of it"
            return Leak(place, likeness, similarity)
    return None


def _order(leak: Leak) -> tuple[float, int]:
    return -leak.similarity, leak.benchmark
