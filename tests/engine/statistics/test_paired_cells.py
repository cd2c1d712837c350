"""Two detectors compared by what labels say of the rows on which they agree and differ."""

import numpy as np
import pytest

from engine.statistics.estimate import Estimate
from engine.statistics.measures import wilson
from engine.statistics.paired_cells import (
    Cell,
    Cells,
    PairedComparison,
    compare_cells,
    labelled_cell,
    sampled_cell,
)
from engine.statistics.stratified import Stratum

DRAWS = 1000
NONE = sampled_cell([])


def known(positives: int, negatives: int) -> Cell:
    """A cell that is labelled whole."""
    size = positives + negatives
    return sampled_cell([Stratum(size, size, positives)])


def test_rows_that_are_all_labelled_leave_no_doubt() -> None:
    cells = Cells(known(60, 20), known(15, 5), known(5, 30), known(20, 845))
    found = compare_cells(cells, 1000)

    figures = (found.new_recall, found.old_recall, found.recall_difference, found.new_alarms,
               found.old_alarms, found.alarm_difference)  # fmt: skip
    expected = (75 / 100, 65 / 100, 10 / 100, 25 / 1000, 50 / 1000, -25 / 1000)
    for figure, value in zip(figures, expected, strict=True):
        assert figure is not None
        assert figure.value == pytest.approx(value)
        assert figure.interval == pytest.approx((value, value))


def test_detectors_that_agree_on_every_row_do_not_differ_however_few_labels_there_are() -> None:
    cells = Cells(sampled_cell([Stratum(50, 4, 2)]), NONE, NONE, sampled_cell([Stratum(950, 9, 1)]))
    found = compare_cells(cells, 1000)

    assert found.recall_difference is not None
    assert found.recall_difference.interval == pytest.approx((0.0, 0.0))
    assert found.alarm_difference == Estimate(0.0, (0.0, 0.0), 0)
    assert found.new_recall == found.old_recall


def test_false_alarms_differ_by_movers_interval_of_two_amounts() -> None:
    new, old = Stratum(1e12, 40, 30), Stratum(3e12, 60, 12)
    cells = Cells(NONE, sampled_cell([new]), sampled_cell([old]), NONE)
    found = compare_cells(cells, 1e13).alarm_difference

    one, other = wilson(10, 40), wilson(48, 60)
    assert one is not None
    assert other is not None
    assert found is not None
    value = 0.1 * one.value - 0.3 * other.value
    low = ((0.1 * (one.value - one.low)) ** 2 + (0.3 * (other.high - other.value)) ** 2) ** 0.5
    assert found.value == pytest.approx(value)
    assert found.low == pytest.approx(value - low)


def test_what_is_not_labelled_is_not_known() -> None:
    nothing = sampled_cell([Stratum(30, 0, 0)])
    found = compare_cells(Cells(known(9, 1), nothing, known(1, 4), known(2, 98)), 145)

    assert (found.recall_difference, found.alarm_difference, found.new_recall) == (None, None, None)
    assert found.old_alarms is not None
    unread = compare_cells(Cells(known(9, 1), known(1, 0), known(1, 4), nothing), 145)
    assert unread.recall_difference is None
    assert unread.alarm_difference is not None


def test_without_a_positive_row_there_is_no_recall() -> None:
    found = compare_cells(Cells(known(0, 5), NONE, NONE, known(0, 9)), 14)

    assert (found.new_recall, found.recall_difference) == (None, None)


def labelled_alone(counts: list[tuple[int, int]]) -> PairedComparison:
    n = sum(map(sum, counts))
    return compare_cells(Cells(*(labelled_cell(*item, n) for item in counts)), n)


@pytest.mark.parametrize(
    ("positives", "negatives"),
    [((60, 9, 6, 25), (20, 5, 40, 235)), ((30, 4, 4, 12), (5, 10, 10, 325))],
)
def test_of_labelled_rows_alone_both_differences_cover_the_truth(
    positives: tuple[int, ...], negatives: tuple[int, ...]
) -> None:
    """Draws of 400 rows from the shares of a table: both flag, only new, only old, neither."""
    shares = np.array([*positives, *negatives]) / 400
    drawn = np.random.default_rng(3).multinomial(400, shares, DRAWS)
    recall = (positives[1] - positives[2]) / sum(positives)
    alarms = (negatives[1] - negatives[2]) / 400
    covered = np.zeros(2)
    for row in drawn:
        found = labelled_alone([(int(row[place]), int(row[4 + place])) for place in range(4)])
        assert found.recall_difference is not None
        assert found.alarm_difference is not None
        covered += [
            found.recall_difference.low <= recall <= found.recall_difference.high,
            found.alarm_difference.low <= alarms <= found.alarm_difference.high,
        ]

    assert (covered / DRAWS >= 0.93).all()
    assert (covered / DRAWS <= 0.985).all()
