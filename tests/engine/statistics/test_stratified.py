"""Stratified estimates: cases worked by hand, other implementations, and what intervals cover."""

from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import hypergeom

from engine.statistics.estimate import Estimate
from engine.statistics.measures import wilson
from engine.statistics.strata import allocate
from engine.statistics.stratified import FEW, Stratum, estimate_share, share_of_both

DRAWS = 1000
# Sizes of strata by score, from the least suspicious on, and how much likelier each is a miss.
SKEWED = ((18_000, 1_200, 400, 240, 160), (1, 5, 20, 60, 150))
EVEN = ((10_000, 4_000, 3_000, 2_000, 1_000), (1, 2, 4, 8, 16))
FLAT = ((18_000, 1_200, 400, 240, 160), (1, 1, 1, 1, 1))
EMPTY = ((12_000, 4_000, 2_000, 1_400, 600), (0, 0, 0, 1, 6))
ALONE = ((20_000,), (1,))
PRIORS = (0.02, 0.15, 0.3, 0.45, 0.7)


@cache
def interval_of(strata: tuple[Stratum, ...]) -> tuple[float, float]:
    found = estimate_share(strata)
    assert found is not None
    assert found.interval is not None
    return found.interval


def missed(sizes: Sequence[int], shape: Sequence[int], share: float) -> list[int]:
    """So many misses in each stratum that they are this share of all rows."""

    def surplus(factor: float) -> float:
        rates = [min(item * factor, 0.6) for item in shape]
        return sum(map(float.__mul__, map(float, sizes), rates)) - share * sum(sizes)

    factor = brentq(surplus, 0, 1)
    return [round(size * min(item * factor, 0.6)) for size, item in zip(sizes, shape, strict=True)]


def draw_samples(
    sizes: Sequence[int], misses: Sequence[int], labels: int, random: np.random.Generator
) -> Iterator[tuple[Stratum, ...]]:
    drawn = allocate(sizes, PRIORS[: len(sizes)], labels)
    columns = [
        hypergeom(size, found, count).rvs(DRAWS, random_state=random)
        for size, found, count in zip(sizes, misses, drawn, strict=True)
    ]
    for row in zip(*columns, strict=True):
        yield tuple(map(Stratum, sizes, drawn, map(int, row)))


@pytest.mark.parametrize(
    ("strata", "share", "labels"),
    [
        (SKEWED, 0.01, 400),
        (SKEWED, 0.02, 200),
        (SKEWED, 0.05, 50),
        (SKEWED, 0.05, 400),
        (EVEN, 0.01, 400),
        (EVEN, 0.05, 100),
        (FLAT, 0.02, 400),
        (EMPTY, 0.01, 400),
        (ALONE, 0.05, 200),
    ],
)
def test_the_interval_covers_the_truth_in_93_to_97_percent_of_draws(
    strata: tuple[tuple[int, ...], tuple[int, ...]], share: float, labels: int
) -> None:
    sizes, shape = strata
    misses = missed(sizes, shape, share)
    truth, random = sum(misses) / sum(sizes), np.random.default_rng(7)
    ends = [interval_of(item) for item in draw_samples(sizes, misses, labels, random)]

    assert 0.93 <= sum(low <= truth <= high for low, high in ends) / DRAWS <= 0.97


@pytest.mark.parametrize(
    ("strata", "share", "labels"),
    [(SKEWED, 0.001, 100), (EVEN, 0.003, 50), (FLAT, 0.001, 200), (ALONE, 0.003, 50)],
)
def test_it_covers_the_truth_at_least_so_often_where_hardly_any_miss_is_found(
    strata: tuple[tuple[int, ...], tuple[int, ...]], share: float, labels: int
) -> None:
    sizes, shape = strata
    misses = missed(sizes, shape, share)
    truth, random = sum(misses) / sum(sizes), np.random.default_rng(7)
    drawn = list(draw_samples(sizes, misses, labels, random))

    assert sum(low <= truth <= high for low, high in map(interval_of, drawn)) / DRAWS >= 0.93
    assert np.mean([sum(item.found for item in row) for row in drawn]) < FEW


@pytest.mark.parametrize(
    ("strata", "share", "recall", "flagged_labels"),
    [
        (SKEWED, 0.02, 0.8, 80),
        (SKEWED, 0.05, 0.5, 30),
        (EMPTY, 0.02, 0.8, 80),
        (FLAT, 0.03, 0.7, 80),
    ],
)
def test_the_recall_covers_the_truth_in_93_to_97_percent_of_draws(
    strata: tuple[tuple[int, ...], tuple[int, ...]],
    share: float,
    recall: float,
    flagged_labels: int,
) -> None:
    sizes, shape = strata
    misses, random = missed(sizes, shape, share), np.random.default_rng(11)
    total, rows = sum(misses), sum(sizes)
    hits = round(total * recall / (1 - recall))
    flagged, truth = round(hits / 0.6), hits / (hits + total)
    right = hypergeom(flagged, hits, flagged_labels).rvs(DRAWS, random_state=random)
    covered = 0
    for item, found in zip(draw_samples(sizes, misses, 400, random), right, strict=True):
        low, high = interval_of(item)
        precision = estimate_share([Stratum(flagged, flagged_labels, int(found))])
        assert precision is not None
        value = sum(part.size * part.share for part in item)
        recalled = share_of_both(
            times(precision, flagged), Estimate(value, (low * rows, high * rows), 400)
        )
        assert recalled is not None
        covered += recalled.low <= truth <= recalled.high

    assert 0.93 <= covered / DRAWS <= 0.97


def times(share: Estimate, rows: int) -> Estimate:
    return Estimate(share.value * rows, (share.low * rows, share.high * rows), share.n)


@pytest.mark.parametrize(("found", "labelled"), [(0, 40), (5, 40), (40, 40), (7, 300)])
def test_of_one_large_stratum_it_is_wilsons(found: int, labelled: int) -> None:
    expected = wilson(found, labelled)
    share = estimate_share([Stratum(10**9, labelled, found)])

    assert expected is not None
    assert share is not None
    assert share.interval is not None
    assert share.value == expected.value
    assert share.interval == pytest.approx(expected.interval, abs=1e-7)


def test_ends_are_where_the_score_test_under_the_likeliest_rates_rejects() -> None:
    """An independent maximisation of the likelihood under the tested share, by SLSQP."""
    from scipy.optimize import minimize

    strata = [Stratum(10**9, 60, 2), Stratum(3 * 10**8, 40, 6), Stratum(10**8, 30, 0)]
    share = estimate_share(strata)
    assert share is not None
    assert share.interval is not None
    weights = np.array([item.size for item in strata]) / sum(item.size for item in strata)
    n, x = (np.array([getattr(item, name) for item in strata]) for name in ("labelled", "found"))
    for end in share.interval:
        found = minimize(
            lambda p: -(x * np.log(p) + (n - x) * np.log1p(-p)).sum(),
            np.full(3, end),
            bounds=[(1e-12, 1 - 1e-12)] * 3,
            constraints={"type": "eq", "fun": lambda p, end=end: weights @ p - end},
            options={"ftol": 1e-15, "maxiter": 1000},
        ).x
        statistic = (share.value - end) / np.sqrt((weights**2 * found * (1 - found) / n).sum())
        assert abs(statistic) == pytest.approx(1.959964, rel=2e-3)


def test_strata_without_a_miss_say_as_much_as_one_of_all_their_labels() -> None:
    parted = estimate_share([Stratum(10**9, 50, 0)] * 3)
    expected = wilson(0, 150)

    assert parted is not None
    assert expected is not None
    assert parted.high == pytest.approx(expected.high)


def test_a_stratum_that_is_labelled_whole_adds_no_doubt() -> None:
    known = estimate_share([Stratum(100, 100, 30), Stratum(900, 90, 9)])
    alone = estimate_share([Stratum(900, 90, 9)])

    assert known is not None
    assert alone is not None
    assert known.value == pytest.approx(0.1 * 0.3 + 0.9 * 0.1)
    assert known.low == pytest.approx(0.03 + 0.9 * alone.low)
    assert known.high == pytest.approx(0.03 + 0.9 * alone.high)
    whole = estimate_share([Stratum(100, 100, 30)])
    assert whole is not None
    assert whole.interval == pytest.approx((0.3, 0.3))


def test_nothing_is_estimated_while_a_stratum_has_no_label() -> None:
    assert estimate_share([Stratum(10, 2, 0), Stratum(10, 0, 0)]) is None
    assert estimate_share([]) is None


def test_the_share_of_two_amounts_is_movers_interval_for_their_ratio() -> None:
    part, other = Estimate(60.0, (50.0, 72.0), 80), Estimate(20.0, (8.0, 45.0), 200)
    share = share_of_both(part, other)

    assert share is not None
    assert (share.value, share.n) == (0.75, 280)
    # Donner and Zou's (9) and (10), worked by hand: the ratio 20 / 60 is from 0.1207 to 0.7731.
    product = 60 * 20
    low = (product - (product**2 - 8 * 72 * 32 * 48) ** 0.5) / (72 * 48)
    high = (product + (product**2 - 45 * 50 * -5 * 70) ** 0.5) / (50 * 70)
    assert share.interval == pytest.approx((1 / (1 + high), 1 / (1 + low)))


def test_recall_without_a_hit_is_zero_and_without_a_miss_one() -> None:
    nothing, some = Estimate(0.0, (0.0, 9.0), 50), Estimate(40.0, (30.0, 44.0), 50)

    without_hit, without_miss = share_of_both(nothing, some), share_of_both(some, nothing)
    assert without_hit is not None
    assert without_miss is not None
    assert (without_hit.value, without_hit.low) == (0.0, 0.0)
    assert without_hit.high == pytest.approx(9 / 39)
    assert (without_miss.value, without_miss.high) == (1.0, 1.0)
    assert 0.75 < without_miss.low < 0.85
    assert share_of_both(nothing, nothing) is None
