"""Tests between groups, against scipy and against turning and drawing rows and seeds one by one."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import permutation_test

from engine.statistics.pooling import compare_groups
from engine.statistics.significance import CLEAR, FAILED, FLAGGED, PairedTest, compare_rows

Codes = NDArray[np.int_]
Truth = NDArray[np.bool_]

said = st.sampled_from([CLEAR, FLAGGED, FAILED])


@st.composite
def groups(draw: st.DrawFn, rows: int = 30, seeds: int = 3) -> tuple[Truth, Codes, Codes]:
    """Return the truth, and what two groups of up to so many seeds said."""
    n = draw(st.integers(1, rows))
    truth = np.array(draw(st.lists(st.booleans(), min_size=n, max_size=n)))
    first, second = (
        np.array(draw(st.lists(st.lists(said, min_size=k, max_size=k), min_size=n, max_size=n)))
        for k in (draw(st.integers(1, seeds)), draw(st.integers(1, seeds)))
    )
    return truth, first, second


def compare(truth: Truth, first: Codes, second: Codes, seed: int = 0) -> PairedTest:
    found = compare_groups(truth, first, second, seed)
    assert found is not None
    return found


def correctness(truth: Truth, codes: Codes) -> NDArray[np.float64]:
    """Return the share of the seeds that are right, of each row."""
    is_right = np.where(truth[:, None], codes == FLAGGED, codes == CLEAR)
    shares: NDArray[np.float64] = is_right.mean(axis=1)
    return shares


def mean_f1(truth: Truth, codes: Codes) -> float:
    scores = []
    for column in codes.T:
        flagged = column == FLAGGED
        scores.append(2 * (truth & flagged).sum() / max(truth.sum() + flagged.sum(), 1))
    return float(np.mean(scores))


def make_groups(
    n: int, seeds: tuple[int, int], random: np.random.Generator, *, gain: float = 0,
    scatter: float = 0,
) -> tuple[Truth, Codes, Codes]:  # fmt: skip
    """Return correlated detectors, right on about 85 rows in 100, the first group more by gain."""
    truth, ease = random.random(n) < 0.4, random.normal(size=n)
    made = []
    for count, more in zip(seeds, (gain, 0), strict=True):
        skill = 1.04 + more + scatter * random.normal(size=count)
        is_right = 0.7 * ease[:, None] + 0.7 * random.normal(size=(n, count)) < skill
        made.append(np.where(is_right, truth[:, None], ~truth[:, None]).astype(int))
    return truth, made[0], made[1]


@given(groups(seeds=1))
@settings(deadline=None, max_examples=30)
def test_groups_of_one_are_compared_as_two_detectors_are(
    made: tuple[Truth, Codes, Codes],
) -> None:
    truth, first, second = made
    assert compare(truth, first, second, 3) == compare_rows(truth, first[:, 0], second[:, 0], 3)


@given(groups())
@settings(deadline=None, max_examples=30)
def test_differences_are_those_of_the_means_over_seeds(made: tuple[Truth, Codes, Codes]) -> None:
    truth, first, second = made
    found = compare(truth, first, second)
    gained = correctness(truth, first).mean() - correctness(truth, second).mean()
    assert found.accuracy.value == pytest.approx(gained)
    assert (found.f1 is None) == (found.f1_p is None) == (not truth.any())
    if found.f1 is not None:
        assert found.f1.value == pytest.approx(mean_f1(truth, first) - mean_f1(truth, second))


@given(groups())
@settings(deadline=None, max_examples=30)
def test_exchanging_the_groups_turns_the_sign_and_the_order_of_seeds_means_nothing(
    made: tuple[Truth, Codes, Codes],
) -> None:
    truth, first, second = made
    if first.shape[1] == second.shape[1] == 1:
        return
    found, turned = compare(truth, first, second), compare(truth, second, first)
    mixed = compare(truth, first[:, ::-1], second[:, ::-1])
    assert turned.accuracy.value == -found.accuracy.value
    assert found.accuracy_p == turned.accuracy_p == mixed.accuracy_p
    assert found.f1_p == turned.f1_p
    if found.f1 is not None and turned.f1 is not None and found.f1_p is not None:
        assert turned.f1.value == -found.f1.value
        assert mixed.f1_p == pytest.approx(found.f1_p, abs=0.03)


@given(groups(rows=9))
@settings(deadline=None, max_examples=30)
def test_the_p_of_accuracy_is_exact_over_all_ways_to_turn_rows(
    made: tuple[Truth, Codes, Codes],
) -> None:
    truth, first, second = made
    gained = correctness(truth, first) - correctness(truth, second)
    sums = [abs(np.dot(signs, gained)) for signs in product((-1, 1), repeat=len(gained))]
    beyond = np.mean(np.array(sums) >= abs(gained.sum()) - 1e-9)
    assert compare(truth, first, second).accuracy_p == pytest.approx(beyond)


@pytest.mark.parametrize("seeds", [(3, 3), (3, 1), (2, 3)])
def test_the_p_of_accuracy_agrees_with_scipy(seeds: tuple[int, int]) -> None:
    truth, first, second = make_groups(200, seeds, np.random.default_rng(5), gain=0.25)
    expected = permutation_test(
        (correctness(truth, first), correctness(truth, second)),
        lambda one, other, axis: one.mean(axis=axis) - other.mean(axis=axis),
        permutation_type="samples", n_resamples=9999, vectorized=True,
        rng=np.random.default_rng(4),
    ).pvalue  # fmt: skip
    p = compare(truth, first, second).accuracy_p
    assert 0.0001 < p < 0.9
    assert p == pytest.approx(expected, abs=0.02)


def test_turning_shares_of_f1_is_nearly_swapping_what_groups_of_a_size_said() -> None:
    for number, gain in enumerate((0.05, 0.1, 0.15, 0.2)):
        random = np.random.default_rng(20 + number)
        truth, first, second = make_groups(400, (3, 3), random, gain=gain)
        first[:9, 1] = FAILED
        seen = abs(mean_f1(truth, first) - mean_f1(truth, second))
        beyond = 0
        for _ in range(2000):
            swap = random.random((400, 1)) < 0.5
            one, other = np.where(swap, second, first), np.where(swap, first, second)
            beyond += abs(mean_f1(truth, one) - mean_f1(truth, other)) >= seen - 1e-12
        found = compare(truth, first, second)
        assert found.f1_p == pytest.approx(beyond / 2000, abs=0.04)


@pytest.mark.parametrize("seeds", [(3, 3), (3, 1)])
def test_intervals_are_those_of_rows_and_seeds_drawn_again_one_by_one(
    seeds: tuple[int, int],
) -> None:
    random = np.random.default_rng(6)
    truth, first, second = make_groups(150, seeds, random, scatter=0.2)
    accuracies, scores = [], []
    for _ in range(3000):
        rows = random.integers(150, size=150)
        one, other = (
            codes[rows][:, random.integers(codes.shape[1], size=max(codes.shape[1] - 1, 1))]
            for codes in (first, second)
        )
        again = truth[rows]
        accuracies.append(correctness(again, one).mean() - correctness(again, other).mean())
        scores.append(mean_f1(again, one) - mean_f1(again, other))
    found = compare(truth, first, second)
    assert found.f1 is not None
    for own, drawn in ((found.accuracy, accuracies), (found.f1, scores)):
        assert (own.low, own.high) == pytest.approx(np.quantile(drawn, [0.025, 0.975]), abs=0.015)


@pytest.mark.parametrize("seeds", [(3, 3), (3, 1)])
def test_tests_of_groups_that_are_alike_are_wrong_about_5_times_in_100(
    seeds: tuple[int, int],
) -> None:
    random = np.random.default_rng(8)
    accuracy, score = 0, 0
    for number in range(400):
        found = compare(*make_groups(300, seeds, random), number)
        assert found.f1_p is not None
        accuracy += found.accuracy_p < 0.05
        score += found.f1_p < 0.05
    assert 0.02 <= accuracy / 400 <= 0.08
    assert 0.02 <= score / 400 <= 0.08


def test_the_interval_knows_of_seeds_that_scatter_and_the_test_does_not() -> None:
    random = np.random.default_rng(9)
    by_test, by_interval = 0, 0
    for number in range(100):
        found = compare(*make_groups(600, (3, 3), random, scatter=0.15), number)
        by_test += found.accuracy_p < 0.05
        by_interval += not found.accuracy.low <= 0 <= found.accuracy.high
    assert by_test / 100 > 0.25
    assert by_interval / 100 < 0.15


def test_groups_that_say_the_same_do_not_differ() -> None:
    truth = np.array([True, False, True])
    said = np.array([[FLAGGED] * 3, [CLEAR] * 3, [FAILED] * 3])
    found = compare(truth, said, said[:, :2])
    assert (found.accuracy_p, found.f1_p) == (1, 1)
    assert (found.accuracy.low, found.accuracy.high) == (0, 0)
    assert (found.only_first_right, found.only_second_right) == (None, None)


def test_all_right_against_all_wrong_is_as_clear_as_rows_allow() -> None:
    truth = np.arange(20) % 2 == 0
    right = np.repeat(truth[:, None].astype(int), 3, axis=1)
    found = compare(truth, right, 1 - right[:, :1])
    assert (found.accuracy.value, found.accuracy.low, found.accuracy.high) == (1, 1, 1)
    assert found.accuracy_p == pytest.approx(2 * 0.5**20)
    assert found.f1 is not None
    assert found.f1.value == 1
    assert found.f1_p is not None
    assert found.f1_p < 0.001


@pytest.mark.parametrize("is_positive", [True, False])
def test_rows_of_one_class_have_an_accuracy_and_f1_where_they_are_positive(
    is_positive: bool,
) -> None:
    random = np.random.default_rng(11)
    codes = random.integers(2, size=(40, 5))
    found = compare(np.full(40, is_positive), codes[:, :3], codes[:, 3:])
    assert 0 < found.accuracy_p <= 1
    assert (found.f1 is not None) == is_positive


def test_who_flags_nothing_or_all_can_be_compared() -> None:
    truth, first, _ = make_groups(300, (3, 1), np.random.default_rng(12))
    for constant in (CLEAR, FLAGGED):
        found = compare(truth, first, np.full((300, 1), constant))
        assert found.f1 is not None
        assert found.f1.low > 0
        assert found.f1_p is not None
        assert found.f1_p < 0.001


def test_without_rows_there_is_nothing_to_compare() -> None:
    assert compare_groups(np.zeros(0, bool), np.zeros((0, 3), int), np.zeros((0, 1), int)) is None
