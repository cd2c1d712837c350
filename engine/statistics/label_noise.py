"""How noisy propagated labels are, from an audit of some of them.

Pure functions over audited labels; no store. The rows come from a draw within every cluster, so a
row stands for more labels the larger its cluster is: shares are given as counted and weighted.
Findings of "unsure" are counted and left out of every share. What is undefined is None.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from engine.statistics.estimate import Estimate
from engine.statistics.measures import LEVEL, wilson, wilson_limits


@dataclass(frozen=True, slots=True)
class AuditedLabel:
    """A label as it was propagated, and as it was audited; None is unsure.

    `stratum` is the cluster, `stratum_size` its number of propagated labels; `group` is what
    figures are broken down by.
    """

    stratum: str
    stratum_size: int
    propagated: str
    found: str | None
    group: str = ""


@dataclass(frozen=True, slots=True)
class LabelNoise:
    """Label noise over `n` audited rows; `wrong` are those found to have another label.

    A false positive was propagated as positive and found negative. `accuracy` and
    `weighted_accuracy` are shares of rows found to have the same label, `collapsed_accuracy` and
    `weighted_collapsed_accuracy` of rows on the same side of positive and negative.
    `effective_n` is Kish's.
    """

    n: int
    unsure: int
    false_positives: int
    false_negatives: int
    wrong: int
    accuracy: Estimate | None
    weighted_accuracy: Estimate | None
    collapsed_accuracy: Estimate | None
    weighted_collapsed_accuracy: Estimate | None
    effective_n: float | None


def measure_noise(
    rows: Sequence[AuditedLabel], positives: Collection[str], level: float = LEVEL
) -> LabelNoise:
    """The label noise over all rows.

    `accuracy` is what STAR reports in Table 5 of an audit of two members a cluster: the
    unweighted share that is right, there on n = 40 a dataset. The table's errors are all false
    positives or false negatives, so it holds of the labels and of the collapsed labels alike;
    here `accuracy` is of the labels, and `collapsed_accuracy` is 1 - (FP + FN) / n.
    """
    return _measure(rows, _weigh(rows), positives, level)


def measure_groups(
    rows: Sequence[AuditedLabel], positives: Collection[str], level: float = LEVEL
) -> dict[str, LabelNoise]:
    """The label noise of each group, by name.

    Groups may cut across clusters, so weights are those of the whole draw.
    """
    weights = _weigh(rows)
    found = {}
    for group in sorted({row.group for row in rows}):
        inside = [number for number, row in enumerate(rows) if row.group == group]
        found[group] = _measure(
            [rows[number] for number in inside],
            [weights[number] for number in inside],
            positives,
            level,
        )
    return found


def _weigh(rows: Sequence[AuditedLabel]) -> list[float]:
    """For each row how many labels it stands for: N_h / n_h; 0 if it is unsure."""
    audited = Counter(row.stratum for row in rows if row.found is not None)
    return [
        row.stratum_size / audited[row.stratum] if row.found is not None else 0.0 for row in rows
    ]


def _measure(
    rows: Sequence[AuditedLabel], weights: Sequence[float], positives: Collection[str], level: float
) -> LabelNoise:
    kept = [
        (row, weight) for row, weight in zip(rows, weights, strict=True) if row.found is not None
    ]
    kept_weights = [weight for _, weight in kept]
    right = [row.propagated == row.found for row, _ in kept]
    sides = [(row.propagated in positives, row.found in positives) for row, _ in kept]
    same_side = [before == now for before, now in sides]
    return LabelNoise(
        n=len(kept),
        unsure=len(rows) - len(kept),
        false_positives=sides.count((True, False)),
        false_negatives=sides.count((False, True)),
        wrong=right.count(False),
        accuracy=wilson(sum(right), len(kept), level),
        weighted_accuracy=weighted_share(right, kept_weights, level),
        collapsed_accuracy=wilson(sum(same_side), len(kept), level),
        weighted_collapsed_accuracy=weighted_share(same_side, kept_weights, level),
        effective_n=effective_size(kept_weights),
    )


def effective_size(weights: Sequence[float]) -> float | None:
    """Kish's effective sample size, (sum w)^2 / sum w^2 (Kish, Survey Sampling, 1965)."""
    squares = sum(weight * weight for weight in weights)
    return sum(weights) ** 2 / squares if squares else None


def weighted_share(
    hits: Sequence[bool], weights: Sequence[float], level: float = LEVEL
) -> Estimate | None:
    """The Hájek estimate sum(w y) / sum(w) with an interval, or None without weight.

    The interval is Wilson's at Kish's effective sample size, so one without an error has a width
    (Franco, Little, Louis and Slud, J. Surv. Stat. Methodol. 7, 2019, compare such intervals).
    It takes every row for equally likely to be wrong: it is too wide where clusters differ in
    noise, and too narrow where a few very large ones hold most of it.
    """
    size = effective_size(weights)
    if size is None:
        return None
    share = sum(weight for hit, weight in zip(hits, weights, strict=True) if hit) / sum(weights)
    return Estimate(share, wilson_limits(share, size, level), len(weights))
