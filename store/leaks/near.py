"""How many rows of a dataset detectors learned near copies of, for many detectors at once."""

from collections.abc import Mapping

import polars as pl

from store.leaks.overlap import find_unknown
from store.leaks.pairs import Texts, find_row_leaks


def count_near_copies(rows: pl.DataFrame, trainings: Mapping[str, pl.DataFrame]) -> dict[str, int]:
    """By detector, how many of `rows` are near to a row that it was trained on, and not the same.

    Both have the columns of `overlap.with_keys`. Near is what `find_row_leaks` finds: a near copy,
    a part of the text, or a text that holds it. Rows that `count_overlap` counts are left out. The
    texts of all detectors, most of which they share, are searched once: 5,000 texts against 1,500
    rows of 1,000 characters each take three seconds.
    """
    learned = list(dict.fromkeys(row for found in trainings.values() for row in _texts(found)))
    places = find_row_leaks(learned, _texts(rows))
    leaking = {learned[place]: leak.benchmark for place, leak in places.items()}
    return {
        detector_id: _count(rows, training, leaking) for detector_id, training in trainings.items()
    }


def _texts(rows: pl.DataFrame) -> list[Texts]:
    return rows.select("context", "text").rows()


def _count(rows: pl.DataFrame, training: pl.DataFrame, leaking: Mapping[Texts, int]) -> int:
    """Only a text's nearest row is in `leaking`, so others are searched for among these texts."""
    own = [texts for texts in dict.fromkeys(_texts(training)) if texts in leaking]
    if not own:
        return 0
    near = {leaking[texts] for texts in own} | find_row_leaks(_texts(rows), own).keys()
    unknown = find_unknown(rows, training)
    return sum(unknown[place] for place in near)
