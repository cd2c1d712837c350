"""Two detectors on the same rows, of which some are labelled: their recall and false alarms. Pure.

What each says of every row is known, so labels are needed only to say what is positive among the
rows that both flag, that one of the two flags, and that neither does. Where they agree, they do not
differ, however few labels there are.

Simulated on 21,000 rows, 1,000 of them flagged by the old one, with 150 labels of these and 200 of
the others in five strata (eight pairs of detectors, 600 draws each), the 95 % interval of the
difference in recall held the truth in 92.7 to 98.8 %, that of the difference in false alarms in
93.8 to 100 %. Newcombe's interval for pairs at Kish's effective n, which does not use what is known
of all rows, held it in 71 to 100 % and always, being six times as wide.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

from engine.statistics.estimate import Estimate
from engine.statistics.measures import LEVEL
from engine.statistics.stratified import Stratum, estimate_share, share_of_both

_NOTHING: Final = Estimate(0.0, (0.0, 0.0), 0)
_STEPS: Final = 60  # of a bisection
_ENDLESS: Final = 1e12  # rows; of labelled rows that stand for no known number of others


@dataclass(frozen=True, slots=True)
class Cell:
    """How many rows of production are positive and negative, of those that two detectors flag so.

    Both are None while none of them is labelled.
    """

    positives: Estimate | None
    negatives: Estimate | None


@dataclass(frozen=True, slots=True)
class Cells:
    """Rows by what flags them: both detectors, one of them, or neither."""

    both: Cell
    only_new: Cell
    only_old: Cell
    neither: Cell


@dataclass(frozen=True, slots=True)
class PairedComparison:
    """What two detectors find and raise; differences are new minus old.

    Recall is a share of positive rows, alarms are false ones as a share of all rows. None is what
    labels do not say yet.
    """

    new_recall: Estimate | None
    old_recall: Estimate | None
    recall_difference: Estimate | None
    new_alarms: Estimate | None
    old_alarms: Estimate | None
    alarm_difference: Estimate | None


def sampled_cell(strata: Sequence[Stratum], level: float = LEVEL) -> Cell:
    """A cell of which rows were sampled; `found` are positive. One without rows has nothing."""
    size = sum(item.size for item in strata)
    if not size:
        return Cell(_NOTHING, _NOTHING)
    share = estimate_share(strata, level)
    if share is None:
        return Cell(None, None)
    negative = Estimate(1 - share.value, (1 - share.high, 1 - share.low), share.n)
    return Cell(_times(size, share), _times(size, negative))


def labelled_cell(positives: float, negatives: float, of: float, level: float = LEVEL) -> Cell:
    """A cell of `of` labelled rows alone: how large it is, is known no better than they tell."""

    def share(found: float) -> Estimate:
        estimate = estimate_share([Stratum(_ENDLESS, of, found)], level)
        return _NOTHING if estimate is None else _times(of, estimate)

    return Cell(share(positives), share(negatives))


def compare_cells(cells: Cells, rows: float) -> PairedComparison:
    """Both detectors, over all of `rows`, from what the four cells hold.

    The four are independent, so sums and differences have MOVER's interval (Zou and Donner,
    Statist. Med. 27, 2008). That of the difference in recall, (gained - lost) / positives, holds
    the shares d for which gained - lost - d × positives may be 0, as Fieller's does.
    """
    both, new, old, neither = cells.both, cells.only_new, cells.only_old, cells.neither
    return PairedComparison(
        new_recall=_recall([both, new], [old, neither]),
        old_recall=_recall([both, old], [new, neither]),
        recall_difference=_recall_difference(cells),
        new_alarms=_combine([(1 / rows, both.negatives), (1 / rows, new.negatives)]),
        old_alarms=_combine([(1 / rows, both.negatives), (1 / rows, old.negatives)]),
        alarm_difference=_combine([(1 / rows, new.negatives), (-1 / rows, old.negatives)]),
    )


def _recall(found: Sequence[Cell], missed: Sequence[Cell]) -> Estimate | None:
    hits = _combine([(1, cell.positives) for cell in found])
    misses = _combine([(1, cell.positives) for cell in missed])
    return share_of_both(hits, misses) if hits and misses else None


def _recall_difference(cells: Cells) -> Estimate | None:
    gained, lost = cells.only_new.positives, cells.only_old.positives
    others = [cells.both.positives, cells.neither.positives]
    total = _combine([(1, part) for part in (gained, lost, *others)])
    if gained is None or lost is None or total is None or not total.value:
        return None

    def surplus(share: float) -> Estimate:
        terms = [(1 - share, gained), (-1 - share, lost), *((-share, part) for part in others)]
        combined = _combine(terms)
        assert combined is not None  # since there is a total
        return combined

    def root(side: int) -> float:
        low, high = -1.0, 1.0
        for _ in range(_STEPS):
            middle = (low + high) / 2
            found = surplus(middle)
            low, high = (middle, high) if (found.low, found.high)[side] > 0 else (low, middle)
        return low

    value = (gained.value - lost.value) / total.value
    return Estimate(value, (min(root(0), value), max(root(1), value)), total.n)


def _combine(terms: Sequence[tuple[float, Estimate | None]]) -> Estimate | None:
    """A weighted sum of independent amounts; None where one of them is not known."""
    value = below = above = 0.0
    n = 0
    for factor, amount in terms:
        if amount is None:
            return None
        value += factor * amount.value
        ends = sorted((factor * amount.low, factor * amount.high))
        below += (factor * amount.value - ends[0]) ** 2
        above += (ends[1] - factor * amount.value) ** 2
        n += amount.n
    return Estimate(value, (value - sqrt(below), value + sqrt(above)), n)


def _times(factor: float, share: Estimate) -> Estimate:
    return Estimate(factor * share.value, (factor * share.low, factor * share.high), share.n)
