"""Areas by length, and their intervals, against scikit-learn and cases worked by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.statistics.lengths import bound_area, find_quarters, measure_lengths
from engine.statistics.measures import wilson


def test_quarters_are_cut_at_quartiles_and_equal_lengths_stay_together() -> None:
    found = find_quarters([10, 20, 30, 40, 50, 60, 70, 80])
    assert found.names == ("10–20", "30–40", "50–60", "70–80")
    assert found.places == (0, 0, 1, 1, 2, 2, 3, 3)
    assert find_quarters([5, 5, 5, 9]).names == ("5–5", "9–9")
    assert find_quarters([7]).names == ("7–7",)
    assert find_quarters([]).names == ()


def test_cells_worked_by_hand() -> None:
    """Two lengths of contexts and two of texts; not every cell has rows of both classes."""
    found = measure_lengths(
        [9, 9, 9, 9, 90, 90, 90],
        [1, 1, 1, 1, 1, 1, 22],
        np.array([True, False, True, False, True, True, False]),
        np.array([0.9, 0.2, 0.3, 0.4, 0.7, 0.6, 0.1]),
        failed=2,
    )
    assert (found.contexts, found.texts, found.n, found.failed) == (
        ("9–9", "90–90"), ("1–1", "22–22"), 7, 2
    )  # fmt: skip
    short, none, long, last = found.cells
    assert short.roc_auc is not None
    assert short.roc_auc.value == 3 / 4  # of 4 pairs, only 0.3 before 0.4 is not in order
    assert (short.n, short.positives, short.lacks) == (4, 2, None)
    assert (none.n, none.roc_auc, none.lacks) == (0, None, "rows")
    assert (long.n, long.roc_auc, long.lacks) == (2, None, "negatives")
    assert (last.n, last.roc_auc, last.lacks) == (1, None, "positives")


@given(
    st.lists(
        st.tuples(st.integers(1, 40), st.integers(1, 40), st.booleans(), st.integers(0, 9)),
        min_size=1,
        max_size=60,
    )
)
@settings(deadline=None)  # the first example imports scikit-learn
def test_every_row_is_in_one_cell_and_areas_are_those_of_scikit_learn(
    rows: list[tuple[int, int, bool, int]],
) -> None:
    from sklearn.metrics import roc_auc_score

    contexts, texts = [row[0] for row in rows], [row[1] for row in rows]
    truth, scores = np.array([row[2] for row in rows]), np.array([row[3] / 9 for row in rows])
    found = measure_lengths(contexts, texts, truth, scores)
    assert sum(cell.n for cell in found.cells) == len(rows)
    for cell in found.cells:
        (low, high), (least, most) = (
            (int(end) for end in name.split("–")) for name in (cell.context, cell.text)
        )
        inside = np.array([low <= a <= high and least <= b <= most
                           for a, b in zip(contexts, texts, strict=True)])  # fmt: skip
        assert inside.sum() == cell.n
        if cell.roc_auc is not None:
            expected = roc_auc_score(truth[inside], scores[inside])
            assert cell.roc_auc.value == pytest.approx(expected, abs=1e-6)
            assert cell.roc_auc.low <= cell.roc_auc.value <= cell.roc_auc.high


def test_of_one_row_of_either_class_the_interval_is_that_of_wilson() -> None:
    share = wilson(1, 1)
    assert share is not None
    assert bound_area(1.0, 1, 1) == pytest.approx((share.low, 1), abs=1e-6)
    assert bound_area(0.0, 1, 1) == pytest.approx((0, 1 - share.low), abs=1e-6)


def test_an_end_is_as_many_standard_errors_away_as_it_says() -> None:
    low, high = bound_area(0.8, 20, 30)
    for end in (low, high):
        half = (20 + 30) / 2 - 1
        variance = end * (1 - end) * (1 + half * ((1 - end) / (2 - end) + end / (1 + end))) / 600
        assert abs(end - 0.8) == pytest.approx(1.959964 * variance**0.5, abs=1e-6)
    assert low < 0.8 < high
    assert bound_area(0.2, 20, 30) == pytest.approx((1 - high, 1 - low))


def test_the_interval_holds_the_truth_about_95_times_in_100_on_few_rows() -> None:
    from scipy.stats import norm

    random = np.random.default_rng(3)
    truth, held = norm.cdf(2 / np.sqrt(2)), 0
    for _ in range(400):
        positive, negative = random.normal(2, 1, 10), random.normal(0, 1, 10)
        area = float((positive[:, None] > negative).mean())
        low, high = bound_area(area, 10, 10)
        held += low <= truth <= high
    assert 0.92 <= held / 400 <= 0.99
