"""Paired tests against statsmodels, and against drawing and swapping rows one by one."""

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.statistics.measures import BinaryCounts, count_binary, f1_estimate
from engine.statistics.significance import (
    CLEAR,
    FAILED,
    FLAGGED,
    PairedTest,
    adjust_holm,
    code_predictions,
    compare_rows,
)

Codes = NDArray[np.int_]

said = st.sampled_from([CLEAR, FLAGGED, FAILED])
rows = st.lists(st.tuples(st.booleans(), said, said), min_size=1, max_size=50)


def compare(triples: list[tuple[bool, int, int]]) -> PairedTest:
    truth, first, second = (np.array(column) for column in zip(*triples, strict=True))
    found = compare_rows(truth, first, second)
    assert found is not None
    return found


def f1(truth: NDArray[np.bool_], codes: Codes) -> float:
    flagged = codes == FLAGGED
    return float(2 * (truth & flagged).sum() / max(truth.sum() + flagged.sum(), 1))


def right(truth: NDArray[np.bool_], codes: Codes) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = np.where(truth, codes == FLAGGED, codes == CLEAR)
    return found


@given(rows)
@settings(deadline=None)  # the first example imports statsmodels
def test_differences_and_mcnemars_p_agree_with_statsmodels(
    triples: list[tuple[bool, int, int]],
) -> None:
    from statsmodels.stats.contingency_tables import mcnemar

    truth, first, second = (np.array(column) for column in zip(*triples, strict=True))
    found = compare(triples)
    one, other = right(truth, first), right(truth, second)
    table = [[(one & other).sum(), (one & ~other).sum()], [(~one & other).sum(), 0]]
    assert (found.only_first_right, found.only_second_right) == (table[0][1], table[1][0])
    assert found.accuracy.value == pytest.approx(one.mean() - other.mean())
    assert found.accuracy_p == pytest.approx(mcnemar(table, exact=True).pvalue)
    assert (found.f1 is None) == (not truth.any())
    if found.f1 is not None:
        assert found.f1.value == pytest.approx(f1(truth, first) - f1(truth, second))


@given(rows)
@settings(deadline=None)
def test_exchanging_the_two_turns_the_sign_and_keeps_mcnemars_p(
    triples: list[tuple[bool, int, int]],
) -> None:
    found = compare(triples)
    turned = compare([(truth, second, first) for truth, first, second in triples])
    assert turned.accuracy.value == -found.accuracy.value
    assert turned.accuracy_p == found.accuracy_p
    assert (turned.only_first_right, turned.only_second_right) == (
        found.only_second_right,
        found.only_first_right,
    )


def make_rows(n: int, seed: int) -> tuple[NDArray[np.bool_], Codes, Codes]:
    """The truth and two correlated detectors, the first a little better."""
    random = np.random.default_rng(seed)
    truth = random.random(n) < 0.4
    hard = random.random(n)
    first = np.where(hard + random.random(n) / 2 < 1.2, truth, ~truth).astype(int)
    second = np.where(hard + random.random(n) / 2 < 1.1, truth, ~truth).astype(int)
    return truth, first, second


def test_counts_drawn_again_are_rows_drawn_again() -> None:
    truth, first, second = make_rows(150, seed=2)
    found = compare_rows(truth, first, second)
    assert found is not None
    assert found.f1 is not None
    random = np.random.default_rng(5)
    accuracies, scores = [], []
    for _ in range(4000):
        rows = random.integers(150, size=150)
        gained = right(truth, first)[rows].mean() - right(truth, second)[rows].mean()
        accuracies.append(gained)
        scores.append(f1(truth[rows], first[rows]) - f1(truth[rows], second[rows]))
    for own, drawn in ((found.accuracy, accuracies), (found.f1, scores)):
        assert (own.low, own.high) == pytest.approx(np.quantile(drawn, [0.025, 0.975]), abs=0.01)


def test_counts_swapped_are_rows_swapped() -> None:
    truth, first, second = make_rows(150, seed=4)
    second[:9] = FAILED
    found = compare_rows(truth, first, second)
    assert found is not None
    assert found.f1 is not None
    assert found.f1_p is not None
    random = np.random.default_rng(6)
    beyond = 0
    for _ in range(6000):
        swap = random.random(150) < 0.5
        one, other = np.where(swap, second, first), np.where(swap, first, second)
        beyond += abs(f1(truth, one) - f1(truth, other)) >= abs(found.f1.value) - 1e-12
    assert 0.005 < found.f1_p < 0.9
    assert found.f1_p == pytest.approx(beyond / 6000, abs=0.02)


def test_tests_of_what_is_alike_are_wrong_about_5_times_in_100() -> None:
    random = np.random.default_rng(8)
    accuracy, score = 0, 0
    for number in range(400):
        truth = random.random(200) < 0.5
        first, second = (np.where(random.random(200) < 0.8, truth, ~truth) for _ in range(2))
        found = compare_rows(truth, first.astype(int), second.astype(int), seed=number)
        assert found is not None
        assert found.f1_p is not None
        accuracy += found.accuracy_p < 0.05
        score += found.f1_p < 0.05
    assert accuracy / 400 <= 0.07  # exact tests of counts are on the safe side
    assert 0.02 <= score / 400 <= 0.08


def test_detectors_that_say_the_same_do_not_differ() -> None:
    found = compare([(True, FLAGGED, FLAGGED), (False, CLEAR, CLEAR), (True, FAILED, FAILED)])
    assert (found.accuracy_p, found.f1_p) == (1, 1)
    assert (found.accuracy.low, found.accuracy.high) == (0, 0)


def test_without_rows_there_is_nothing_to_compare() -> None:
    nothing = np.array([], dtype=int)
    assert compare_rows(nothing.astype(bool), nothing, nothing) is None


def test_a_failed_row_is_wrong_and_flags_nothing() -> None:
    codes = code_predictions(["advice", "content", None], {"advice"})
    assert codes == [FLAGGED, CLEAR, FAILED]
    truth = ["advice", "content", "content"]
    counts = count_binary(truth, ["advice", "content", None], {"advice"})
    assert counts == BinaryCounts(1, 0, 1, 0, failed_negatives=1)
    found = compare_rows(np.array([True, False, False]), np.array(codes), np.array([1, 0, 0]))
    assert found is not None
    assert found.accuracy.value == pytest.approx(-1 / 3)
    own = f1_estimate(counts)
    assert own is not None
    assert own.value == 1


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
@settings(deadline=None)
def test_holms_correction_agrees_with_statsmodels(p_values: list[float]) -> None:
    from statsmodels.stats.multitest import multipletests

    with patch("gc.collect"):  # which it calls each time, for half a second where torch is loaded
        expected = multipletests(p_values, method="holm")[1]
    assert adjust_holm(p_values) == pytest.approx(expected)
