import numpy as np
import pytest

from engine.spreading.forecast import forecast
from engine.spreading.quality import HeldOut


def curve(errors: dict[int, float], seed: int = 0) -> list[HeldOut]:
    """A point for each number of decisions, with that share of them wrong, spread evenly."""
    found = []
    for count, error in errors.items():
        marks = np.floor(np.arange(1, count + 1) * error + 1e-9)
        hits = np.diff(marks, prepend=0) == 0
        found.append(HeldOut(count, count, np.arange(count), hits, np.ones(count), np.ones(count)))
    return found


def falling(counts: range) -> dict[int, float]:
    return {count: 3 * count**-0.7 for count in counts}


def test_a_curve_that_falls_by_a_power_reaches_a_share_where_the_power_does() -> None:
    points = curve(falling(range(100, 501, 50)))
    exact = (3 / 0.03) ** (1 / 0.7)  # 3 n^-0.7 = 0.03

    found = forecast(points, 0.97, seed=0)

    assert found is not None
    assert found.more == pytest.approx(exact - 500, rel=0.35)
    assert found.low <= found.more
    assert found.high is None or found.high >= found.more


def test_what_is_reached_already_needs_no_more() -> None:
    found = forecast(curve(falling(range(50, 201, 50))), 0.7, seed=0)

    assert found is not None
    assert (found.more, found.low) == (0, 0)


def test_a_curve_that_does_not_fall_has_no_forecast() -> None:
    assert forecast(curve(dict.fromkeys(range(50, 201, 50), 0.3)), 0.9, seed=0) is None
    rising = {count: 0.1 + count / 1000 for count in range(50, 201, 50)}
    assert forecast(curve(rising), 0.95, seed=0) is None


def test_few_points_have_no_forecast() -> None:
    assert forecast(curve(falling(range(100, 201, 50))), 0.9, seed=0) is None


def test_few_decisions_give_a_wide_interval_and_its_upper_end_may_be_unknown() -> None:
    few = forecast(curve(falling(range(20, 51, 10))), 0.85, seed=0)
    many = forecast(curve(falling(range(200, 501, 100))), 0.97, seed=0)

    assert few is not None
    assert few.high is None or few.high - few.low > few.more
    assert many is not None


def test_the_same_seed_gives_the_same_interval() -> None:
    points = curve(falling(range(100, 301, 50)))

    assert forecast(points, 0.95, seed=1) == forecast(points, 0.95, seed=1)
