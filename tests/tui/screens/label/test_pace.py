"""How quickly an annotator decides."""

from datetime import datetime, timedelta

from tui.screens.label.pace import Pace


def test_the_pace_is_the_median_gap_without_breaks() -> None:
    noon = datetime(2026, 1, 1, 12)
    pace = Pace([noon + timedelta(seconds=second) for second in (0, 2, 6, 4000, 4003)])
    assert (pace.keys, pace.median_s) == (5, 3.0)
    assert Pace([noon]).median_s is None
