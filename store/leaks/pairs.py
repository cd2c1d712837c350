"""Leaks between rows that may be pairs: such a one leaks where both of its texts do.

The same prompt means another thing in another context, and contexts of one kind are written alike;
so neither text alone tells that a benchmark's row is known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from store.leaks.search import Leak, find_leaks

Texts = tuple[str | None, str]
"""The context of a pair, None for a single text, and the text."""


def find_row_leaks(rows: Sequence[Texts], benchmark: Sequence[Texts]) -> dict[int, Leak]:
    """The rows, by their place, that leak a row of a benchmark, each with the nearest.

    A pair's context is compared with all contexts, and its text with those of the rows of the
    nearest context; the similarity is that of the text. Single texts leak single texts.
    """
    ours, theirs = _by_context(rows), _by_context(benchmark)
    found = {}
    for context, known in _nearest_contexts(list(ours), list(theirs)).items():
        places, others = ours[context], theirs[known]
        leaks = find_leaks(
            [rows[place][1] for place in places], [benchmark[place][1] for place in others]
        )
        for row, leak in leaks.items():
            found[places[row]] = replace(leak, benchmark=others[leak.benchmark])
    return found


def _by_context(rows: Sequence[Texts]) -> dict[str | None, list[int]]:
    found: dict[str | None, list[int]] = {}
    for place, (context, _) in enumerate(rows):
        found.setdefault(context, []).append(place)
    return found


def _nearest_contexts(
    contexts: Sequence[str | None], others: Sequence[str | None]
) -> Mapping[str | None, str | None]:
    """For each context that is like one of the others, the nearest of these."""
    found: dict[str | None, str | None] = {}
    if None in contexts and None in others:
        found[None] = None
    ours = [context for context in contexts if context is not None]
    theirs = [context for context in others if context is not None]
    for place, leak in find_leaks(ours, theirs).items():
        found[ours[place]] = theirs[leak.benchmark]
    return found
