"""How varied invented texts are, beside real ones where there are some.

All three figures depend on how many texts there are, and how long: so both sides have the same
number of texts, and each text is cut to the words of the shorter one of the two that it stands
beside, as in `engine.stages.distribution`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

from engine.scenarios.brief import Brief
from engine.statistics.diversity import (
    compression_ratio,
    share_distinct,
    share_near_duplicates,
)
from engine.statistics.estimate import Estimate
from store.database.connection import Database
from store.invented import real_texts
from store.words import cut_words, tokenise

MOST_TEXTS: Final = 1000  # all are compared with all
FEWEST_TEXTS: Final = 20  # of real ones, to be compared with


@dataclass(frozen=True, slots=True)
class Diversity:
    """How varied `n` texts of one side are: contexts, or the texts of a label.

    `distinct_2` is the share of pairs of neighbouring words that differ, `near_duplicates` that of
    texts with a near copy, `compression_ratio` how many times smaller gzip makes them.
    """

    side: str
    source: Literal["invented", "real"]
    n: int
    distinct_2: Estimate | None
    near_duplicates: Estimate | None
    compression_ratio: Estimate | None


def measure_diversity(
    database: Database, brief: Brief, scenarios: pl.DataFrame, texts: pl.DataFrame
) -> tuple[Diversity, ...]:
    """The figures of contexts and of each label's texts, those of real ones below.

    `scenarios` and `texts` are those of `store.invented`. Nothing without a scenario. A context
    counts once, however many texts it has.
    """
    real = real_texts(database, MOST_TEXTS)
    sides = {
        brief.context: [
            frame["context"].unique(maintain_order=True) for frame in (scenarios, real)
        ],
        **{
            label: [frame.filter(pl.col("label") == label)["text"] for frame in (texts, real)]
            for label in brief.problem.labels
        },
    }
    return tuple(
        found
        for side, (invented, imported) in sides.items()
        for found in _compare(side, invented.drop_nulls(), imported.drop_nulls())
    )


def _compare(side: str, invented: pl.Series, real: pl.Series) -> list[Diversity]:
    """The figures of one side; both frames are in an order of chance."""
    if invented.is_empty():
        return []
    if real.len() < FEWEST_TEXTS:
        return [_measure(side, "invented", invented.head(MOST_TEXTS).to_list())]
    pairs = list(zip(invented.head(MOST_TEXTS), real.head(MOST_TEXTS), strict=False))
    lengths = [min(len(tokenise(one)), len(tokenise(other))) for one, other in pairs]
    ours, theirs = (
        [cut_words(pair[place], length) for pair, length in zip(pairs, lengths, strict=True)]
        for place in (0, 1)
    )
    return [_measure(side, "invented", ours), _measure(side, "real", theirs)]


def _measure(side: str, source: Literal["invented", "real"], texts: Sequence[str]) -> Diversity:
    words = [tokenise(text) for text in texts]
    return Diversity(
        side,
        source,
        len(texts),
        share_distinct(words),
        share_near_duplicates(words),
        compression_ratio(texts),
    )
