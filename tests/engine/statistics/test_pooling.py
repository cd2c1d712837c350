"""Tests between groups, against drawing rows and seeds one by one, and on simulated recipes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.statistics.pooling import compare_groups
from engine.statistics.significance import CLEAR, FAILED, FLAGGED, PairedTest, compare_rows

Codes = NDArray[np.int_]
Truth = NDArray[np.bool_]

said = st.sampled_from([CLEAR, FLAGGED, FAILED])


@st.composite
def groups(draw: st.DrawFn, rows: int = 30, seeds: int = 3) -> tuple[Truth, Codes, Codes]:
    """The truth, and what two groups of up to so many seeds said."""
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
    """The share of the seeds that are right, of each row."""
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
    """Correlated detectors, right on about 85 rows in 100, the first group more by gain."""
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


def test_exchanging_the_groups_turns_the_sign_and_the_order_of_seeds_means_nothing() -> None:
    truth, first, second = make_groups(200, (3, 2), np.random.default_rng(5), gain=0.2)
    found, turned = compare(truth, first, second), compare(truth, second, first)
    mixed = compare(truth, first[:, ::-1], second[:, ::-1])
    assert turned.accuracy.value == -found.accuracy.value
    assert (-turned.accuracy.high, -turned.accuracy.low) == pytest.approx(
        (found.accuracy.low, found.accuracy.high), abs=0.01
    )
    assert 0.001 < found.accuracy_p < 0.9
    assert turned.accuracy_p == pytest.approx(found.accuracy_p, abs=0.02)
    assert mixed.accuracy_p == pytest.approx(found.accuracy_p, abs=0.02)


@pytest.mark.parametrize("seeds", [(3, 3), (3, 1)])
def test_intervals_and_p_are_those_of_rows_and_seeds_drawn_one_by_one(
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
    for own, p, drawn in (
        (found.accuracy, found.accuracy_p, np.array(accuracies)),
        (found.f1, found.f1_p, np.array(scores)),
    ):
        assert (own.low, own.high) == pytest.approx(np.quantile(drawn, [0.025, 0.975]), abs=0.015)
        assert p == pytest.approx(2 * min((drawn <= 0).mean(), (drawn >= 0).mean()), abs=0.05)


def share_different(seeds: tuple[int, int], *, gain: float = 0, scatter: float = 0) -> float:
    """How many of 40 simulated pairs of recipes are told apart by their accuracy."""
    random = np.random.default_rng(9)
    different = 0
    for number in range(40):
        truth, first, second = make_groups(300, seeds, random, gain=gain, scatter=scatter)
        found = compare(truth, first, second, number)
        is_clear = found.accuracy_p < 0.05
        assert not (is_clear and found.accuracy.low <= 0 <= found.accuracy.high)
        different += is_clear
    return different / 40


@pytest.mark.parametrize(("scatter", "most"), [(0, 0.05), (0.2, 0.15)])
def test_equal_recipes_rarely_differ_even_if_their_seeds_scatter(
    scatter: float, most: float
) -> None:
    assert share_different((3, 3), scatter=scatter) <= most


def test_a_difference_larger_than_the_scatter_is_found() -> None:
    assert share_different((3, 3), gain=0.4, scatter=0.05) >= 0.9


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
    assert found.accuracy_p < 0.001
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
