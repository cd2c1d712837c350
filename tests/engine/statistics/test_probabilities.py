"""Areas under curves and calibration against scikit-learn, and cases worked by hand."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.statistics.estimate import Estimate
from engine.statistics.probabilities import draw_rows, measure_areas, measure_ranking

rows = st.lists(
    st.tuples(st.booleans(), st.integers(0, 12).map(lambda tenth: tenth / 12)),
    min_size=1,
    max_size=40,
)


def arrays(pairs: list[tuple[bool, float]]) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    return np.array([a for a, _ in pairs]), np.array([b for _, b in pairs])


@given(rows)
@settings(deadline=None)  # the first example imports scikit-learn
def test_areas_and_brier_score_agree_with_scikit_learn_ties_and_all(
    pairs: list[tuple[bool, float]],
) -> None:
    from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score

    truth, scores = arrays(pairs)
    found = measure_ranking(truth, scores, draw_rows(len(truth), rounds=20))
    assert found.brier is not None
    assert found.brier.value == pytest.approx(brier_score_loss(truth, scores, pos_label=True))
    if truth.all() or not truth.any():
        assert found.roc_auc is found.pr_auc is None
        return
    assert found.roc_auc is not None
    assert found.pr_auc is not None
    assert found.roc_auc.value == pytest.approx(roc_auc_score(truth, scores))
    assert found.pr_auc.value == pytest.approx(average_precision_score(truth, scores))


@given(rows, st.integers(0, 99))
@settings(deadline=None)
def test_a_row_drawn_twice_counts_as_two_rows(pairs: list[tuple[bool, float]], seed: int) -> None:
    from sklearn.metrics import average_precision_score, roc_auc_score

    truth, scores = arrays(pairs)
    drawn = draw_rows(len(truth), rounds=4, seed=seed)
    assert (drawn.sum(axis=1) == len(truth)).all()
    roc, average = measure_areas(truth, scores, drawn)
    for number, weights in enumerate(drawn):
        again = np.repeat(np.arange(len(truth)), weights.astype(int))
        if truth[again].all() or not truth[again].any():
            assert np.isnan(roc[number])
            assert np.isnan(average[number])
            continue
        assert roc[number] == pytest.approx(roc_auc_score(truth[again], scores[again]), abs=1e-5)
        expected = average_precision_score(truth[again], scores[again])
        assert average[number] == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize(
    ("scores", "is_positive", "weights", "expected"),
    [
        ([1, 2, 3, 4], [0, 1, 0, 1], [1, 1, 1, 1], 3 / 4),  # 2 beats 1, and 4 both
        ([1, 1, 2], [0, 1, 1], [1, 1, 1], (1 / 2 + 1) / 2),
        ([1, 2, 3], [0, 1, 0], [3, 1, 1], 3 / 4),
    ],
)
def test_the_area_is_the_share_of_pairs_as_counted_by_hand(
    scores: list[float], is_positive: list[int], weights: list[int], expected: float
) -> None:
    found = measure_areas(
        np.array(is_positive, dtype=bool), np.array(scores), np.array([weights], dtype=np.float32)
    )
    assert found.roc.tolist() == [pytest.approx(expected)]


def test_calibration_worked_by_hand() -> None:
    truth = np.array([False, True, True, True])
    scores = np.array([0.2, 0.2, 0.8, 1.0])
    found = measure_ranking(truth, scores)
    assert found.calibration_error is not None
    # Two rows of 0.2 are together: half of them are positive. The others are alone, and right.
    assert found.calibration_error.value == pytest.approx(2 / 4 * 0.3 + 1 / 4 * 0.2)
    assert [(item.low, item.high, item.n) for item in found.bins] == [
        (0.2, 0.2, 2), (0.8, 0.8, 1), (1.0, 1.0, 1)
    ]  # fmt: skip
    assert [item.positive_share.value for item in found.bins] == [0.5, 1, 1]


@given(st.lists(st.booleans(), min_size=1, max_size=12), st.integers(0, 99))
@settings(deadline=None)
def test_bins_of_equal_size_are_those_of_scikit_learn(tenth: list[bool], seed: int) -> None:
    from sklearn.calibration import calibration_curve

    random = np.random.default_rng(seed)
    truth = np.tile(tenth, 10)
    scores = random.permutation(random.random(len(truth)))
    shares, means = calibration_curve(truth, scores, n_bins=10, strategy="quantile")
    bins = measure_ranking(truth, scores, draw_rows(len(truth), rounds=20)).bins
    assert [item.n for item in bins] == [len(tenth)] * 10
    assert [item.positive_share.value for item in bins] == pytest.approx(shares.tolist())
    assert [item.mean_probability for item in bins] == pytest.approx(means.tolist())


@given(rows)
@settings(deadline=None)
def test_the_error_of_calibration_is_the_gap_of_the_bins(pairs: list[tuple[bool, float]]) -> None:
    truth, scores = arrays(pairs)
    found = measure_ranking(truth, scores, draw_rows(len(truth), rounds=20))
    assert found.calibration_error is not None
    gaps = [item.n * abs(item.mean_probability - item.positive_share.value) for item in found.bins]
    assert found.calibration_error.value == pytest.approx(sum(gaps) / len(truth), abs=1e-9)
    assert sum(item.n for item in found.bins) == len(truth)
    assert all(one.high < other.low for one, other in pairwise(found.bins))


def test_perfect_and_constant_probabilities() -> None:
    truth = np.array([True] * 5 + [False] * 5)
    perfect = measure_ranking(truth, truth.astype(float))
    assert perfect.roc_auc is not None
    assert perfect.pr_auc is not None
    assert (perfect.roc_auc.value, perfect.pr_auc.value) == (1, 1)
    assert perfect.brier == perfect.calibration_error == Estimate(0, (0, 0), 10)
    constant = measure_ranking(truth, np.full(10, 0.5))
    assert constant.roc_auc is not None
    assert (constant.roc_auc.value, constant.roc_auc.low, constant.roc_auc.high) == (0.5, 0.5, 0.5)


def test_one_row_or_none_has_no_order() -> None:
    one = measure_ranking(np.array([True]), np.array([0.7]))
    assert (one.roc_auc, one.pr_auc) == (None, None)
    assert one.brier is not None
    assert one.brier.value == pytest.approx(0.09)
    none = measure_ranking(np.array([], dtype=bool), np.array([]))
    assert (none.n, none.brier, none.calibration_error) == (0, None, None)


def test_the_interval_of_the_area_holds_the_truth_about_95_times_in_100() -> None:
    from scipy.stats import norm

    random = np.random.default_rng(3)
    truth_area = norm.cdf(1 / np.sqrt(2))
    held = 0
    for _ in range(300):
        truth = random.random(120) < 0.4
        scores = 1 / (1 + np.exp(-(random.normal(size=120) + truth)))
        found = measure_ranking(truth, scores, draw_rows(120, rounds=300, seed=1)).roc_auc
        assert found is not None
        held += found.low <= truth_area <= found.high
    assert 0.91 <= held / 300 <= 0.98


def test_the_interval_of_the_error_of_right_probabilities_begins_at_zero() -> None:
    random = np.random.default_rng(5)
    shares = random.random(400)
    right = measure_ranking(random.random(400) < shares, shares).calibration_error
    wrong = measure_ranking(random.random(400) < shares / 2, shares).calibration_error
    assert right is not None
    assert wrong is not None
    assert right.low == 0 < right.value <= right.high
    assert 0 < wrong.low < wrong.value < wrong.high


def test_the_interval_of_the_brier_score_is_that_of_a_mean() -> None:
    random = np.random.default_rng(5)
    shares = random.random(400)
    truth = random.random(400) < shares
    found = measure_ranking(truth, shares, draw_rows(400, rounds=4000)).brier
    assert found is not None
    margin = 1.96 * np.std((shares - truth) ** 2) / 20
    assert found.low == pytest.approx(found.value - margin, abs=0.002)
    assert found.high == pytest.approx(found.value + margin, abs=0.002)
