"""The picture of how many labels are right: what the estimate says, the goal, and the forecast."""

from dataclasses import replace

from engine.spreading.rating import ForecastDecisions, RatedPoint
from engine.statistics.estimate import Estimate
from tui.screens.audit.curve import FORECAST, draw_quality
from tui.services.results.label_quality import LabelQuality

CURVE = tuple(
    RatedPoint(count, Estimate(share, (share - 0.1, share + 0.05), count), None)
    for count, share in ((10, 0.6), (20, 0.7), (30, 0.75), (40, 0.8))
)
KNOWN = LabelQuality(
    "cross-validation", 40, CURVE[-1].right, CURVE, ForecastDecisions(0.9, 30, 10, None), ""
)


def test_every_point_is_drawn_with_its_interval_and_the_forecast_at_the_goal() -> None:
    picture = draw_quality(KNOWN)
    assert picture is not None
    *points, ahead = picture.spots
    assert [(spot.x, spot.y) for spot in points] == [
        (point.decisions, point.right.value) for point in CURVE if point.right
    ]
    assert [spot.reach for spot in points] == [x.right.interval for x in CURVE if x.right]
    assert (ahead.sign, ahead.x, ahead.y) == (FORECAST, 70, 0.9)
    assert picture.x_range == (10, 70)
    assert ((10, 0.9), (70, 0.9)) in [line.points for line in picture.lines]
    assert "n = 40" in picture.key[0].text


def test_without_a_forecast_there_is_no_goal_and_without_a_curve_no_picture() -> None:
    unknown = draw_quality(replace(KNOWN, forecast=None))
    assert unknown is not None
    assert unknown.x_range == (10, 40)
    assert [spot.sign for spot in unknown.spots] == ["●"] * 4
    assert draw_quality(replace(KNOWN, curve=())) is None


def test_answers_without_a_label_are_a_line_of_their_own() -> None:
    points = tuple(replace(point, labelled=Estimate(0.7, None, 9)) for point in CURVE)
    picture = draw_quality(replace(KNOWN, curve=points))
    assert picture is not None
    assert any(entry.text == "answers with a label" for entry in picture.key)
