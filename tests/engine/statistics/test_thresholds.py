"""Thresholds against scikit-learn, and rules against trying every threshold."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.statistics.thresholds import (
    Rule,
    choose_threshold,
    cut_everywhere,
    measure_at,
    thin_curve,
)

rows = st.lists(
    st.tuples(st.booleans(), st.integers(0, 9).map(lambda tenth: tenth / 9)),
    min_size=1,
    max_size=40,
)
Rows = list[tuple[bool, float]]


def arrays(pairs: Rows) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    return np.array([a for a, _ in pairs]), np.array([b for _, b in pairs])


@given(rows)
@settings(deadline=None)  # the first example imports scikit-learn
def test_every_point_of_the_curve_is_what_scikit_learn_says_of_flagging_from_there(
    pairs: Rows,
) -> None:
    from sklearn.metrics import f1_score, precision_score, recall_score

    truth, scores = arrays(pairs)
    curve = thin_curve(cut_everywhere(truth, scores))
    assert [point.threshold for point in curve] == sorted(set(scores))
    for point in curve:
        flagged = scores >= point.threshold
        assert point.precision == pytest.approx(precision_score(truth, flagged))
        assert point.f1 == pytest.approx(f1_score(truth, flagged, zero_division=0))
        if truth.any():
            assert point.recall == pytest.approx(recall_score(truth, flagged))
        else:
            assert point.recall is None
        measures = measure_at(truth, scores, point.threshold)
        rate = measures.false_positive_rate
        assert (rate.value if rate else None) == point.false_positive_rate


def test_a_long_curve_is_thinned_and_keeps_its_ends() -> None:
    scores = np.linspace(0, 1, 5000)
    curve = thin_curve(cut_everywhere(scores > 0.5, scores))
    assert len(curve) == 200
    assert (curve[0].threshold, curve[-1].threshold) == (0, 1)


@given(rows, st.integers(0, 10).map(lambda tenth: tenth / 10))
@settings(deadline=None)
def test_no_threshold_that_keeps_the_rule_does_better(pairs: Rows, bound: float) -> None:
    truth, scores = arrays(pairs)
    cuts = cut_everywhere(truth, scores)
    points = [cuts.point(place) for place in range(len(cuts.thresholds))]
    for rule in (Rule("max-f1"), Rule("fpr-at-most", bound), Rule("recall-at-least", bound)):
        found = choose_threshold(cuts, rule)
        if rule.name == "max-f1":
            allowed = points
            best = max((point.f1 or 0 for point in points), default=0)
        elif rule.name == "fpr-at-most":
            allowed = [p for p in points if (p.false_positive_rate or 0) <= bound]
            best = max((p.recall or 0 for p in allowed), default=0)
        else:
            allowed = [p for p in points if (p.recall or 0) >= bound]
            best = min((p.false_positive_rate or 0 for p in allowed), default=0)
        if not truth.any() or not allowed:
            assert found is None
            continue
        if found is None:
            assert truth.all()
            continue
        assert found in allowed
        worth = {"max-f1": found.f1, "fpr-at-most": found.recall}
        assert worth.get(rule.name, found.false_positive_rate or 0) == pytest.approx(best)


def test_a_rule_says_what_it_is() -> None:
    assert str(Rule("max-f1")) == "max-f1"
    assert str(Rule("fpr-at-most", 0.01)) == "fpr-at-most 0.01"


def test_without_rows_there_is_no_curve_and_no_threshold() -> None:
    cuts = cut_everywhere(np.array([], dtype=bool), np.array([]))
    assert thin_curve(cuts) == []
    assert choose_threshold(cuts, Rule("max-f1")) is None
