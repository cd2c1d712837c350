"""The rule by which a new detector takes the place of an old one, at its borders."""

import pytest

from engine.statistics.estimate import Estimate
from engine.statistics.paired_cells import PairedComparison
from engine.statistics.promotion import Promotion, decide

MARGIN = 0.05
KEPT, FEWER = (-0.04, 0.1), (-0.02, -0.001)


def compared(
    recall: tuple[float, float] | None, alarms: tuple[float, float] | None
) -> PairedComparison:
    recall_difference, alarm_difference = (
        None if ends is None else Estimate(sum(ends) / 2, ends, 100) for ends in (recall, alarms)
    )
    return PairedComparison(None, None, recall_difference, None, None, alarm_difference)


@pytest.mark.parametrize(
    ("recall", "alarms", "expected"),
    [
        (KEPT, FEWER, Promotion("PROMOTE", "yes", "yes")),
        ((-0.05, 0.1), FEWER, Promotion("UNDECIDED", "unclear", "yes")),  # may lose the margin
        ((-0.0499, 0.1), FEWER, Promotion("PROMOTE", "yes", "yes")),
        ((-0.2, -0.05), FEWER, Promotion("KEEP", "no", "yes")),  # loses it at the least
        ((-0.2, -0.0499), FEWER, Promotion("UNDECIDED", "unclear", "yes")),
        (KEPT, (-0.02, 0.0), Promotion("UNDECIDED", "yes", "unclear")),  # may be no fewer
        (KEPT, (0.0, 0.02), Promotion("KEEP", "yes", "no")),  # are no fewer at the best
        (KEPT, (0.0, 0.0), Promotion("KEEP", "yes", "no")),
        (None, FEWER, Promotion("UNDECIDED", "unclear", "yes")),
        (KEPT, None, Promotion("UNDECIDED", "yes", "unclear")),
        (None, (0.01, 0.02), Promotion("KEEP", "unclear", "no")),
        ((-0.3, -0.1), None, Promotion("KEEP", "no", "unclear")),
    ],
)
def test_it_promotes_only_where_both_hold_and_keeps_where_one_cannot(
    recall: tuple[float, float] | None,
    alarms: tuple[float, float] | None,
    expected: Promotion,
) -> None:
    assert decide(compared(recall, alarms), MARGIN) == expected


def test_without_labels_nothing_is_decided() -> None:
    assert decide(None, MARGIN) == Promotion("UNDECIDED", "unclear", "unclear")


def test_without_a_margin_no_recall_may_be_lost() -> None:
    assert decide(compared((0.0, 0.1), FEWER), 0.0).is_recall_kept == "unclear"
    assert decide(compared((0.001, 0.1), FEWER), 0.0).verdict == "PROMOTE"
