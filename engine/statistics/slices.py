"""Where a detector errs: its rows cut by what can be seen of their texts. Pure."""

import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from engine.statistics.estimate import Estimate
from engine.statistics.lengths import find_quarters
from engine.statistics.measures import BinaryCounts, count_binary, f1_estimate, wilson

FEW: Final = 10  # rows, below which a slice says little
MANY_VALUES: Final = 30  # of a dimension, above which only those that are not few are shown
NO_LETTERS: Final = "no letters"
NONE: Final = "none"  # of a row without a value
_NAMED: Final = {"Cjk": "Han"}

Values = Sequence[tuple[str, ...]]  # of each row; it may have several


@dataclass(frozen=True, slots=True)
class SliceRow:
    """An evaluated row: its text, label, prediction (None: failed), and the values to cut by.

    `dimensions` are pairs of a dimension and a value; a row may have several of one dimension.
    """

    text: str
    label: str
    predicted: str | None
    group: str | None
    origin: str | None
    context: str | None = None
    dimensions: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Slice:
    """The measures of the rows with one value (`slice`) of a dimension; `few` below FEW rows.

    Where all rows that were evaluated are positive there is recall alone, where all are negative
    the false-positive rate alone.
    """

    by: str
    slice: str
    n: int
    accuracy: Estimate | None
    recall: Estimate | None
    fpr: Estimate | None
    f1: Estimate | None
    few: bool


def measure_slices(rows: Sequence[SliceRow], positives: Collection[str]) -> list[Slice]:
    """The slices of rows, the least accurate first.

    They are by group, origin, script and length, and by the dimensions that rows bring, which take
    the place of these where they are called the same. Accuracy is of positive against negative.
    Those with few rows come last. A dimension of only one value is left out, and of more than
    MANY_VALUES those with few rows.
    """
    found: list[tuple[float, Slice]] = []
    has_both = len({row.label in positives for row in rows}) > 1
    for dimension, values in (_seen(rows) | _brought(rows)).items():
        slices: dict[str, list[SliceRow]] = {}
        for row, own in zip(rows, values, strict=True):
            for value in own:
                slices.setdefault(value, []).append(row)
        has_many = len(slices) > MANY_VALUES
        for value, members in slices.items() if len(slices) > 1 else ():
            if len(members) >= FEW or not has_many:
                counts = _count(members, positives)
                right = (counts.true_positives + counts.true_negatives) / counts.n
                found.append((right, _measure(dimension, value, counts, has_both=has_both)))
    found.sort(key=lambda item: (item[1].few, item[0], -item[1].n, item[1].slice))
    return [item for _, item in found]


def _seen(rows: Sequence[SliceRow]) -> dict[str, Values]:
    """What is seen of the rows themselves."""
    found: dict[str, Values] = {
        "group": [(row.group or NONE,) for row in rows],
        "origin": [(row.origin or NONE,) for row in rows],
        "script": [(find_script(row.text),) for row in rows],
        "characters": _name_lengths([row.text for row in rows]),
    }
    if any(row.context is not None for row in rows):
        found["context characters"] = _name_lengths([row.context or "" for row in rows])
    return found


def _brought(rows: Sequence[SliceRow]) -> dict[str, Values]:
    """The dimensions that rows bring."""
    known: list[Mapping[str, list[str]]] = []
    for row in rows:
        own: dict[str, list[str]] = {}
        for dimension, value in row.dimensions:
            own.setdefault(dimension, []).append(value)
        known.append(own)
    names = sorted({name for own in known for name in own})
    return {name: [tuple(dict.fromkeys(own.get(name, [NONE]))) for own in known] for name in names}


def _name_lengths(texts: Sequence[str]) -> Values:
    quarters = find_quarters([len(text) for text in texts])
    return [(quarters.names[place],) for place in quarters.places]


def _count(rows: Sequence[SliceRow], positives: Collection[str]) -> BinaryCounts:
    return count_binary([row.label for row in rows], [row.predicted for row in rows], positives)


def _measure(dimension: str, value: str, counts: BinaryCounts, *, has_both: bool) -> Slice:
    right = counts.true_positives + counts.true_negatives
    return Slice(
        by=dimension,
        slice=value,
        n=counts.n,
        accuracy=wilson(right, counts.n) if has_both else None,
        recall=wilson(counts.true_positives, counts.positives),
        fpr=wilson(counts.false_positives, counts.negatives),
        f1=f1_estimate(counts) if has_both else None,
        few=counts.n < FEW,
    )


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
