"""Whether two detectors differ, on the rows that both classified.

Pure functions over how often each detector flagged or failed together with the other; rows that
agree in that are alike for every test here, so that drawing rows again, or swapping them, is
drawing counts. scipy is imported where it computes.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from engine.statistics.estimate import Estimate
from engine.statistics.measures import LEVEL, ROUNDS

# What a detector predicted for a row.
CLEAR: Final = 0
FLAGGED: Final = 1
FAILED: Final = 2
_SAID: Final = 3
DRAWS: Final = 2000  # of rows, for intervals


@dataclass(frozen=True, slots=True)
class PairedTest:
    """First minus second on the `n` rows that both classified, as shares.

    `only_first_right` and `only_second_right` are the rows on which just one of them is right;
    None if a side is several detectors. The functions that make it name the
    tests of `accuracy_p` and `f1_p`; both are two-sided. F1 is None if no row is positive.
    `others` are precision, recall, gap and fpr, as far as both have them; of several detectors
    there are none.
    """

    n: int
    only_first_right: int | None
    only_second_right: int | None
    accuracy: Estimate
    accuracy_p: float
    f1: Estimate | None
    f1_p: float | None
    others: Mapping[str, Estimate] = field(default_factory=dict)


def code_predictions(predicted: Sequence[str | None], positive: Collection[str]) -> list[int]:
    """CLEAR, FLAGGED or FAILED for each prediction; None is a failed row."""
    return [FAILED if guess is None else int(guess in positive) for guess in predicted]


def compare_rows(
    is_positive: NDArray[np.bool_],
    first: NDArray[np.int_],
    second: NDArray[np.int_],
    seed: int = 0,
) -> PairedTest | None:
    """Compare two detectors' predictions for the same rows, one code per row; None without a row.

    Intervals are of a percentile bootstrap over the rows, not stratified. Accuracy is tested by
    McNemar's exact test, F1 by a permutation test: it swaps the two predictions for each row with
    probability one half (Yeh, More accurate tests for the statistical significance of result
    differences, COLING 2000), ROUNDS times from `seed`; its smallest p is 1 / (ROUNDS + 1).
    """
    from scipy.stats import binomtest

    n = len(is_positive)
    if n == 0:
        return None
    codes = (is_positive.astype(int) * _SAID + first) * _SAID + second
    table = np.bincount(codes, minlength=2 * _SAID * _SAID)
    kinds = np.flatnonzero(table)
    rows = table[kinds]
    truth, one, other = kinds // _SAID**2, kinds // _SAID % _SAID, kinds % _SAID
    gained = (one == truth).astype(int) - (other == truth)
    only_first, only_second = int(rows[gained > 0].sum()), int(rows[gained < 0].sum())
    apart = only_first + only_second
    random = np.random.default_rng(seed)
    drawn = random.multinomial(n, rows / n, size=DRAWS)
    f1 = f1_p = None
    columns = np.stack([truth, one == FLAGGED, other == FLAGGED]).astype(int)
    if is_positive.any():
        f1 = estimate_drawn(_f1_gained(rows, columns), _f1_gained(drawn, columns), n)
        f1_p = _swap(rows, columns, random)
    return PairedTest(
        n=n,
        only_first_right=only_first,
        only_second_right=only_second,
        accuracy=estimate_drawn(rows @ gained / n, drawn @ gained / n, n),
        accuracy_p=float(binomtest(only_first, apart).pvalue) if apart else 1.0,
        f1=f1,
        f1_p=f1_p,
        others=_compare_shares(rows, drawn, columns),
    )


def _compare_shares(
    rows: NDArray[Any], drawn: NDArray[Any], columns: NDArray[np.int_]
) -> dict[str, Estimate]:
    """Differences in what is a share of some rows; draws in which it is undefined are left out."""
    n = int(rows.sum())
    gained = _shares_gained(rows, columns)
    again = _shares_gained(drawn, columns)
    return {
        name: estimate_drawn(value, again[name][~np.isnan(again[name])], n)
        for name, value in gained.items()
        if not np.isnan(value)
    }


def _shares_gained(rows: NDArray[Any], columns: NDArray[np.int_]) -> dict[str, NDArray[Any]]:
    """First minus second in each share; not a number where one of them is 0/0."""
    truth, *sides = columns
    positives = rows @ truth
    found: list[dict[str, NDArray[Any]]] = []
    for flags in sides:
        hits, flagged = rows @ (truth * flags), rows @ flags
        with np.errstate(divide="ignore", invalid="ignore"):
            precision, recall = hits / flagged, hits / positives
            fpr = (flagged - hits) / (rows.sum(axis=-1) - positives)
        gap = precision - recall
        found.append({"precision": precision, "recall": recall, "gap": gap, "fpr": fpr})
    first, second = found
    return {name: first[name] - second[name] for name in first}


def _f1_gained(rows: NDArray[Any], columns: NDArray[np.int_]) -> NDArray[Any]:
    """F1 of the first minus F1 of the second; `rows` counts kinds of rows: [..., kinds].

    `columns` says of each kind whether it is positive, and flagged by either: [3, kinds].
    """
    truth, one, other = columns
    positives = rows @ truth
    f1 = [
        2 * (rows @ (truth * flags)) / (positives + rows @ flags).clip(1) for flags in (one, other)
    ]
    gained: NDArray[Any] = f1[0] - f1[1]
    return gained


def _swap(rows: NDArray[Any], columns: NDArray[np.int_], random: np.random.Generator) -> float:
    """How often F1 differs as much where each row's two predictions may be swapped.

    Only rows that one of the two flagged matter: each goes to either with probability one half.
    """
    truth, one, other = columns
    both, either = rows * (one & other), rows * (one ^ other)
    positives = int(rows @ truth)
    hits, alarms = int(both @ truth), int(both @ (1 - truth))
    found, false = int(either @ truth), int(either @ (1 - truth))
    more_hits = random.binomial(found, 0.5, size=ROUNDS)
    more_alarms = random.binomial(false, 0.5, size=ROUNDS)
    first = 2 * (hits + more_hits) / (positives + hits + more_hits + alarms + more_alarms)
    left_hits, left_alarms = found - more_hits, false - more_alarms
    second = 2 * (hits + left_hits) / (positives + hits + left_hits + alarms + left_alarms)
    seen = abs(float(_f1_gained(rows, columns)))
    beyond = int((abs(first - second) >= seen - 1e-12).sum())
    return (1 + beyond) / (1 + ROUNDS)


def estimate_drawn(value: NDArray[Any], drawn: NDArray[Any], n: int) -> Estimate:
    """A value over `n` rows with the percentile interval of what was drawn, [draws]."""
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Estimate(float(value), (float(low), float(high)), n)


def adjust_holm(p_values: Sequence[float]) -> list[float]:
    """P-values corrected for testing all of them (Holm, Scand. J. Statist. 6, 1979)."""
    order = sorted(range(len(p_values)), key=lambda index: p_values[index])
    adjusted, largest = [0.0] * len(p_values), 0.0
    for place, index in enumerate(order):
        largest = max(largest, (len(p_values) - place) * p_values[index])
        adjusted[index] = min(largest, 1.0)
    return adjusted
