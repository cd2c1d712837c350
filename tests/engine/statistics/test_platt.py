"""Platt scaling, against scikit-learn's own and cases worked by hand."""

import numpy as np
import pytest
from sklearn.calibration import _sigmoid_calibration

from engine.statistics.platt import PlattScaling, fit_platt


@pytest.mark.parametrize(("sign", "scale"), [(1, 1), (-1, 1), (-1, 0.01), (1, 1000)])
def test_it_is_the_sigmoid_that_scikit_learn_finds_whatever_the_scale(
    sign: int, scale: float
) -> None:
    random = np.random.default_rng(0)
    is_positive = random.random(400) < 0.3
    scores = scale * sign * (is_positive + random.normal(size=400))
    # It writes the sigmoid as 1 / (1 + exp(a × score + b)).
    a, b = _sigmoid_calibration(scores / scale, is_positive)
    found = fit_platt(scores, is_positive)
    assert found.slope * scale == pytest.approx(-a, rel=1e-3)
    assert found.intercept == pytest.approx(-b, rel=1e-3)
    assert (found.slope > 0) == (sign > 0)


def test_equal_scores_are_worth_the_share_of_positives_as_platt_smooths_it() -> None:
    found = fit_platt(np.full(4, 7.0), np.array([True, False, False, False]))
    # Targets: (1 + 1) / (1 + 2) once, and 1 / (3 + 2) three times.
    expected = (2 / 3 + 3 / 5) / 4
    assert found.probabilities(np.array([7.0])) == pytest.approx([expected], abs=1e-6)


def test_scores_that_tell_all_rows_apart_are_worth_no_certainty() -> None:
    found = fit_platt(np.array([0.1, 0.2, 0.8, 0.9]), np.array([True, True, False, False]))
    assert found.slope < 0
    low, high = found.probabilities(np.array([0.1, 0.9]))
    assert 0.5 < low < 1
    assert low == pytest.approx(1 - high, abs=1e-4)


def test_a_probability_is_the_sigmoid_of_the_score() -> None:
    found = PlattScaling(slope=-2, intercept=1).probabilities(np.array([0.5, -1.0]))
    assert found == pytest.approx([0.5, 1 / (1 + np.exp(-3))])
