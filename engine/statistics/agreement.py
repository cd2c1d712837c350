"""How far people agree on labels, with each other or with themselves: kappa and alpha.

Pure functions over labels. Both coefficients are 1 - D_o / D_e, observed over expected
disagreement. Their intervals hold D_e fixed and carry Wilson's limits of the observed agreement
through that formula: perfect agreement on few items then keeps an interval of some width, which
neither the asymptotic standard error nor a bootstrap gives it. What is undefined is None: where
everybody used one label only, agreement by chance is certain.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.statistics.estimate import Estimate
from engine.statistics.measures import LEVEL, wilson, wilson_limits


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two labellings of the same `n` items: the share labelled alike, and Cohen's kappa."""

    n: int
    agreement: Estimate | None
    kappa: Estimate | None


def measure_agreement(
    first: Sequence[str], second: Sequence[str], level: float = LEVEL
) -> Agreement:
    """Compare two labellings, item by item."""
    return measure_counts(Counter(zip(first, second, strict=True)), level)


def measure_counts(counts: Mapping[tuple[str, str], int], level: float = LEVEL) -> Agreement:
    """Compare two labellings by how many items have which labels in the first and the second."""
    n = sum(counts.values())
    alike = sum(count for (one, other), count in counts.items() if one == other)
    share = wilson(alike, n, level)
    return Agreement(n, share, share and _kappa(counts, share))


def _kappa(counts: Mapping[tuple[str, str], int], share: Estimate) -> Estimate | None:
    """Cohen's kappa (Educ. Psychol. Meas. 20, 1960) from the observed agreement."""
    ones, others = Counter[str](), Counter[str]()
    for (one, other), count in counts.items():
        ones[one] += count
        others[other] += count
    by_chance = sum(ones[label] * others[label] for label in ones)  # over n squared
    return _corrected(share, 1 - by_chance / share.n**2)


def krippendorff_alpha(units: Iterable[Sequence[str]], level: float = LEVEL) -> Estimate | None:
    """Krippendorff's alpha for nominal data over units, each with the labels it got.

    Labels may be missing; a unit with fewer than two says nothing. `n` counts the others.
    Computing Krippendorff's Alpha-Reliability (2011), section C.
    """
    pairable = [Counter(unit) for unit in units if len(unit) > 1]
    values: Counter[str] = Counter()
    for counts in pairable:
        values.update(counts)
    total = values.total()
    if not total:
        return None
    disagreeing = sum(_disagreeing_pairs(counts) / (counts.total() - 1) for counts in pairable)
    alike = 1 - disagreeing / total
    share = Estimate(alike, wilson_limits(alike, len(pairable), level), len(pairable))
    return _corrected(share, _disagreeing_pairs(values) / (total * (total - 1)))


def _disagreeing_pairs(counts: Counter[str]) -> int:
    """How many ordered pairs of different values there are among these."""
    return counts.total() ** 2 - sum(count * count for count in counts.values())


def _corrected(share: Estimate, expected: float) -> Estimate | None:
    """1 - D_o / D_e for an observed agreement and its limits; `expected` is D_e."""
    if expected <= 0:
        return None
    value, low, high = (1 - (1 - end) / expected for end in (share.value, share.low, share.high))
    return Estimate(value, (low, high), share.n)
