"""What a score is worth, on rows few enough to be counted by hand."""

import numpy as np
import pytest

from engine.errors import TrainingRefused
from engine.models.score_fit import ScoreFit
from tests.engine.models.pair_rows import LABELS, OFF, ON, pair_rows

FIVE = pair_rows(("c", "a", OFF), ("c", "b", OFF), ("c", "d", ON), ("c", "e", OFF), ("c", "f", ON))


def test_low_similarity_is_positive_where_the_rows_say_so_and_cut_where_f1_is_best() -> None:
    scores = np.array([-0.1, 0.1, 0.4, 0.5, 0.9])
    fit = ScoreFit.of(scores, FIVE)
    # Flagged up to 0.5: three hits and one false alarm, F1 6/7; up to 0.1: two hits, F1 4/5.
    assert fit.slope < 0
    assert fit.f1 == pytest.approx(6 / 7)
    assert fit.rows == 5
    assert fit.threshold == fit.probabilities(scores)[3]
    found = [fit.verdict(value, LABELS) for value in fit.probabilities(scores)]
    assert [verdict.label for verdict in found] == [OFF, OFF, OFF, OFF, ON]
    for verdict, value in zip(found, fit.probabilities(scores), strict=True):
        assert verdict.probabilities == [value, 1 - value]


def test_a_score_that_grows_with_the_positive_label_is_cut_from_above() -> None:
    fit = ScoreFit.of(np.array([5.0, 4.0, 3.0, 2.0, 1.0]), FIVE)
    assert fit.slope > 0
    labels = [fit.verdict(value, LABELS).label for value in fit.probabilities(np.array([9.0, 0]))]
    assert labels == [OFF, ON]


def test_of_several_labels_of_a_side_the_commonest_is_meant_and_each_has_its_share() -> None:
    rows = pair_rows(
        ("c", "a", OFF), ("c", "b", "chat"), ("c", "d", ON), ("c", "e", ON), ("c", "f", ON)
    )
    fit = ScoreFit.of(np.array([0.1, 0.8, 0.7, 0.9, 0.6]), rows)
    assert fit.negatives == {ON: 0.75, "chat": 0.25}
    verdict = fit.verdict(0.0, ("chat", OFF, ON, "none"))
    assert verdict.label == ON
    assert verdict.probabilities == [0.25, 0, 0.75, 0]


@pytest.mark.parametrize(("label", "count"), [(OFF, "2 rows of 2"), (ON, "0 rows of 2")])
def test_rows_of_one_side_choose_nothing(label: str, count: str) -> None:
    rows = pair_rows(("c", "a", label), ("c", "b", label))
    with pytest.raises(TrainingRefused, match=f"{count} are positive"):
        ScoreFit.of(np.array([0.1, 0.2]), rows)
