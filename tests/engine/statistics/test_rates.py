"""Rates at chosen points, against scikit-learn's ROC curve and drawing rows one by one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.metrics import roc_curve

from engine.statistics.rates import FPR_AT_RECALL, NAMES, RECALL_AT_FPR, measure_rates

Rows = tuple[NDArray[np.bool_], NDArray[np.float64]]
scores = st.lists(
    st.tuples(st.booleans(), st.sampled_from([0.0, 0.1, 0.2, 0.5, 0.7, 0.9, 1.0])),
    min_size=1, max_size=60,
)  # fmt: skip


def from_scikit_learn(truth: NDArray[np.bool_], shares: NDArray[np.float64]) -> dict[str, float]:
    false, true, _ = roc_curve(truth, shares, drop_intermediate=False)
    recalls = {name: true[false <= bound + 1e-9].max() for name, bound in RECALL_AT_FPR.items()}
    rates = {name: false[true >= bound - 1e-9].min() for name, bound in FPR_AT_RECALL.items()}
    return recalls | rates


@given(scores)
@settings(deadline=None)
def test_rates_are_points_of_scikit_learns_roc_curve(rows: list[tuple[bool, float]]) -> None:
    truth, shares = (np.array(column) for column in zip(*rows, strict=True))
    found = measure_rates(truth, shares)
    if not 0 < truth.sum() < len(truth):
        assert found == dict.fromkeys(NAMES)
        return
    for name, wanted in from_scikit_learn(truth, shares).items():
        own = found[name]
        if name in RECALL_AT_FPR and wanted == 0:
            assert own is None
        else:
            assert own is not None
            assert own.value == pytest.approx(wanted)
            assert own.n == len(truth)
            assert 0 <= own.low <= own.high <= 1


def make_rows(n: int, seed: int) -> Rows:
    random = np.random.default_rng(seed)
    truth = random.random(n) < 0.4
    return truth, 1 / (1 + np.exp(-random.normal(size=n) - 1.5 * np.where(truth, 1, -1)))


def test_weights_of_rows_are_rows_drawn_again_and_the_threshold_chosen_again() -> None:
    truth, shares = make_rows(200, seed=1)
    found = measure_rates(truth, shares)
    random = np.random.default_rng(7)
    drawn: dict[str, list[float]] = {name: [] for name in NAMES}
    for _ in range(2000):
        rows = random.integers(200, size=200)
        for name, value in from_scikit_learn(truth[rows], shares[rows]).items():
            drawn[name].append(value)
    for name, values in drawn.items():
        own = found[name]
        assert own is not None
        ends = np.quantile(values, [0.025, 0.975])
        assert [own.low, own.high] == pytest.approx(ends.tolist(), abs=0.06)


def test_a_case_by_hand() -> None:
    truth = np.array([1, 1, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0], dtype=bool)
    shares = np.linspace(0.95, 0.05, 13)  # 5 positives, 8 negatives: one of them is 12.5 %
    found = {
        name: item.value if item else None for name, item in measure_rates(truth, shares).items()
    }
    assert found == {
        "recall_at_fpr_1": 2 / 5,  # without a false alarm
        "recall_at_fpr_5": 2 / 5,
        "recall_at_fpr_10": 2 / 5,
        "fpr_at_recall_80": 3 / 8,  # the fourth positive comes after three negatives
        "fpr_at_recall_90": 6 / 8,
    }


def test_a_bound_that_only_flagging_nothing_keeps_is_not_reached() -> None:
    truth = np.array([False, True, True, False, False])
    found = measure_rates(truth, np.array([0.9, 0.8, 0.7, 0.1, 0.1]))
    assert [found[name] for name in RECALL_AT_FPR] == [None, None, None]
    worth = found["fpr_at_recall_90"]
    assert worth is not None
    assert worth.value == pytest.approx(1 / 3)


def test_perfect_order_has_no_false_alarm() -> None:
    truth = np.array([True] * 5 + [False] * 5)
    found = measure_rates(truth, np.linspace(1, 0, 10))
    for name in NAMES:
        own = found[name]
        assert own is not None
        assert own.value == (1 if name in RECALL_AT_FPR else 0)
