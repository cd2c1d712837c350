"""Where a detector errs: its rows cut by what can be seen of their texts. Pure."""

import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import quantiles
from typing import Final

from engine.statistics.estimate import Estimate
from engine.statistics.measures import count_binary, f1_estimate, wilson

FEW: Final = 10  # rows, below which a slice says little
MANY_VALUES: Final = 30  # of a dimension, above which only those that are not few are shown
NO_LETTERS: Final = "no letters"
_NAMED: Final = {"Cjk": "Han"}


@dataclass(frozen=True, slots=True)
class SliceRow:
    """An evaluated row: its text, label, prediction (None: failed), and the values to cut by."""

    text: str
    label: str
    predicted: str | None
    group: str | None
    origin: str | None


@dataclass(frozen=True, slots=True)
class Slice:
    """The measures of the rows with one value (`slice`) of a dimension; `few` below FEW rows."""

    by: str
    slice: str
    n: int
    accuracy: Estimate
    f1: Estimate | None
    few: bool


def measure_slices(rows: Sequence[SliceRow], positives: Collection[str]) -> list[Slice]:
    """The slices by group, origin, script and length, the least accurate first.

    Accuracy is of positive against negative. Those with few rows come last. A dimension of only
    one value is left out, and of more than MANY_VALUES those with few rows.
    """
    dimensions: dict[str, Callable[[SliceRow], str]] = {
        "group": lambda row: row.group or "none",
        "origin": lambda row: row.origin or "none",
        "script": lambda row: find_script(row.text),
        "characters": name_lengths([len(row.text) for row in rows]),
    }
    found = []
    for dimension, name in dimensions.items():
        slices: dict[str, list[SliceRow]] = {}
        for row in rows:
            slices.setdefault(name(row), []).append(row)
        if len(slices) > 1:
            has_many = len(slices) > MANY_VALUES
            found += [
                _measure(dimension, value, members, positives)
                for value, members in slices.items()
                if len(members) >= FEW or not has_many
            ]
    return sorted(found, key=lambda item: (item.few, item.accuracy.value, -item.n, item.slice))


def _measure(
    dimension: str, value: str, rows: Sequence[SliceRow], positives: Collection[str]
) -> Slice:
    counts = count_binary([row.label for row in rows], [row.predicted for row in rows], positives)
    accuracy = wilson(counts.true_positives + counts.true_negatives, counts.n)
    if accuracy is None:
        raise ValueError("a slice has at least one row")
    return Slice(dimension, value, counts.n, accuracy, f1_estimate(counts), counts.n < FEW)


def find_script(text: str) -> str:
    """The script of most of a text's letters: Latin, Han, Cyrillic, …; ties by name.

    The script is the first word of a letter's Unicode name. Letters that are compatible with
    plain ones, such as full-width Latin, count as these.
    """
    scripts: Counter[str] = Counter()
    for letter, times in Counter(text).items():
        script = _script_of(letter)
        if script:
            scripts[script] += times
    return min(scripts, key=lambda name: (-scripts[name], name)) if scripts else NO_LETTERS


@lru_cache(maxsize=4096)
def _script_of(character: str) -> str:
    plain = unicodedata.normalize("NFKC", character)[:1]
    if not plain.isalpha():
        return ""
    word = unicodedata.name(plain, "unnamed").split(" ")[0].capitalize()
    return _NAMED.get(word, word)


def name_lengths(lengths: Sequence[int]) -> Callable[[SliceRow], str]:
    """What names a row by the quarter that the length of its text is in: "12–80".

    Rows of equal length are in the same quarter, so that quarters may differ in size.
    """
    cuts = quantiles(lengths, n=4, method="inclusive") if len(lengths) > 1 else []
    quarters: dict[int, list[int]] = {}
    for length in lengths:
        quarters.setdefault(bisect_left(cuts, length), []).append(length)
    names = {place: f"{min(own):,}–{max(own):,}" for place, own in quarters.items()}
    return lambda row: names[bisect_left(cuts, len(row.text))]
