"""Measures against scikit-learn, statsmodels, a bootstrap, and cases worked by hand."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.statistics.estimate import Estimate
from engine.statistics.measures import (
    BinaryCounts,
    count_binary,
    count_confusion,
    f1_estimate,
    gap_estimate,
    measure_binary,
    wilson,
)

LABELS = ("health-advice", "health-content", "general-content")
POSITIVE = {"health-advice"}

rows = st.lists(
    st.tuples(st.sampled_from(LABELS), st.sampled_from((*LABELS, None))), min_size=1, max_size=60
)
counts_of_rows = st.builds(BinaryCounts, *[st.integers(0, 500)] * 6)


def value(estimate: Estimate | None) -> float | None:
    return None if estimate is None else estimate.value


def test_a_case_worked_by_hand() -> None:
    counts = BinaryCounts(
        true_positives=6,
        false_positives=2,
        true_negatives=9,
        false_negatives=2,
        failed_positives=1,
        failed_negatives=3,
    )
    found = measure_binary(counts)
    assert (counts.n, counts.failed) == (23, 4)
    assert value(found.accuracy) == 15 / 23
    assert value(found.precision) == 6 / 8
    assert value(found.recall) == 6 / 9
    assert value(found.gap) == pytest.approx(6 / 8 - 6 / 9)
    assert value(found.f1) == pytest.approx(12 / 17)
    assert value(found.false_positive_rate) == 2 / 14
    assert found.false_positive_rate is not None
    assert found.false_positive_rate.n == 14


def test_the_two_negative_labels_are_one_class() -> None:
    truth = ["health-content", "general-content", "health-advice", "health-advice"]
    guess = ["general-content", "health-content", "health-content", None]
    assert count_binary(truth, guess, POSITIVE) == BinaryCounts(0, 0, 2, 1, failed_positives=1)


def test_the_interval_of_the_papers_audit_is_the_one_in_the_literature() -> None:
    found = wilson(35, 40)
    assert found is not None
    assert (round(found.low, 2), round(found.high, 2)) == (0.74, 0.95)


@given(rows)
@settings(deadline=None)  # the first example imports scikit-learn
def test_measures_agree_with_scikit_learn_to_which_a_failed_row_is_a_third_answer(
    pairs: list[tuple[str, str | None]],
) -> None:
    from sklearn.metrics import accuracy_score, confusion_matrix, precision_recall_fscore_support

    truth, guess = [a for a, _ in pairs], [b for _, b in pairs]
    found = measure_binary(count_binary(truth, guess, POSITIVE))
    assert found.counts.failed == guess.count(None)
    expected = ["flagged" if a in POSITIVE else "clear" for a in truth]
    actual = ["failed" if b is None else "flagged" if b in POSITIVE else "clear" for b in guess]
    precision, recall, f1, _ = precision_recall_fscore_support(
        expected, actual, labels=["flagged"], average=None, zero_division=np.nan
    )
    assert value(found.accuracy) == pytest.approx(accuracy_score(expected, actual))
    shares = (found.precision, precision[0]), (found.recall, recall[0]), (found.f1, f1[0])
    for own, reference in (*shares, (found.gap, precision[0] - recall[0])):
        assert (own is None) == math.isnan(reference)
        assert own is None or own.value == pytest.approx(reference)
    if None in guess:
        return
    matrix = confusion_matrix(truth, guess, labels=LABELS)
    assert np.array_equal(count_confusion(truth, guess, LABELS).rows, matrix)


@given(st.integers(1, 2000), st.data())
@settings(deadline=None)  # the first example imports statsmodels
def test_intervals_agree_with_statsmodels(n: int, data: st.DataObject) -> None:
    from statsmodels.stats.proportion import proportion_confint

    successes = data.draw(st.integers(0, n))
    low, high = proportion_confint(successes, n, alpha=0.05, method="wilson")
    found = wilson(successes, n)
    assert found is not None
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-9)


@given(counts_of_rows)
@settings(deadline=None)
def test_every_estimate_lies_in_its_interval_and_between_0_and_1(counts: BinaryCounts) -> None:
    found = measure_binary(counts)
    for estimate in (
        found.accuracy,
        found.precision,
        found.recall,
        found.f1,
        found.false_positive_rate,
    ):
        if estimate is not None:
            assert 0 <= estimate.low <= estimate.value + 1e-12
            assert estimate.value - 1e-12 <= estimate.high <= 1
            assert estimate.low < estimate.high


@given(st.integers(0, 50), st.integers(0, 50))
def test_without_a_positive_row_recall_is_undefined_and_not_zero(fp: int, tn: int) -> None:
    found = measure_binary(BinaryCounts(0, fp, tn, 0))
    assert found.recall is None
    assert (found.f1 is None) == (fp == 0)
    assert (found.false_positive_rate is None) == (fp + tn == 0)


def test_one_right_row_is_no_certainty() -> None:
    found = measure_binary(BinaryCounts(1, 0, 0, 0))
    assert found.f1 is not None
    assert found.f1.value == 1
    assert found.f1.high == pytest.approx(1)
    assert found.f1.low < 0.4
    assert found.false_positive_rate is None


def test_the_interval_of_f1_is_close_to_a_bootstrap_on_many_rows() -> None:
    counts = BinaryCounts(214, 33, 128, 27)  # HeAL's 402 rows, as in STAR, table 3
    generator = np.random.default_rng(0)
    draws = generator.multinomial(402, np.array([214, 33, 128, 27]) / 402, size=20_000)
    tp, fp, fn = draws[:, 0], draws[:, 1], draws[:, 3]
    low, high = np.quantile(2 * tp / (2 * tp + fp + fn), [0.025, 0.975])
    found = f1_estimate(counts)
    assert found is not None
    assert found.value == pytest.approx(0.877, abs=1e-3)
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.005)


def test_the_interval_of_f1_holds_the_truth_about_95_times_in_100() -> None:
    shares = np.array([0.35, 0.1, 0.5, 0.05])
    truth = 2 * 0.35 / (2 * 0.35 + 0.15)
    draws = np.random.default_rng(1).multinomial(60, shares, size=1000)
    found = [f1_estimate(BinaryCounts(*(int(count) for count in draw))) for draw in draws]
    held = [f1 is not None and f1.low <= truth <= f1.high for f1 in found]
    assert 0.93 <= np.mean(held) <= 0.97


@given(counts_of_rows)
@settings(deadline=None)
def test_the_gap_lies_in_its_interval_and_is_undefined_with_precision_or_recall(
    counts: BinaryCounts,
) -> None:
    found = measure_binary(counts)
    assert (found.gap is None) == (found.precision is None or found.recall is None)
    if found.gap is not None and counts.true_positives > 20:
        assert -1 <= found.gap.low <= found.gap.value <= found.gap.high <= 1


def test_the_interval_of_the_gap_holds_the_truth_about_95_times_in_100() -> None:
    shares = np.array([0.35, 0.1, 0.5, 0.05])
    truth = 0.35 / 0.45 - 0.35 / 0.4
    draws = np.random.default_rng(1).multinomial(200, shares, size=400)
    found = [gap_estimate(BinaryCounts(*(int(count) for count in draw))) for draw in draws]
    held = [gap is not None and gap.low <= truth <= gap.high for gap in found]
    assert 0.92 <= np.mean(held) <= 0.98


def test_a_label_outside_the_order_is_refused() -> None:
    with pytest.raises(ValueError, match="spam"):
        count_confusion(["spam"], ["health-advice"], LABELS)
