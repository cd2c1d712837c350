"""How figures are written."""

import pytest

from engine.statistics.estimate import Estimate
from tui.services.numbers import (
    show_duration,
    show_percent,
    show_rate,
    show_share,
    show_speed,
    show_time_left,
)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.4, "0 s"), (59.6, "1 min 00 s"), (200, "3 min 20 s"), (7500, "2 h 05 min")],
)
def test_durations_are_said_as_people_say_them(seconds: float, words: str) -> None:
    assert show_duration(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.4, "5 s"), (43, "45 s"), (82, "1 min 15 s"), (1700, "28 min 00 s"), (7640, "2 h 05 min")],
)
def test_the_time_left_is_said_in_steps_that_do_not_flicker(seconds: float, words: str) -> None:
    assert show_time_left(seconds) == words


def test_a_figure_is_written_with_its_interval() -> None:
    share = Estimate(0.851, (0.813, 0.882), 400)
    assert show_share(share) == "0.851 (0.813–0.882)"
    assert show_percent(share) == "85.1 (81.3–88.2)"
    assert show_percent(share, with_interval=False) == "85.1"
    assert show_percent(None) == "–"
    assert show_rate(Estimate(28.0, (15.2, 50.9), 250)) == "28.0 (15.2–50.9)"


@pytest.mark.parametrize(
    ("rate", "latency_ms", "shown"),
    [
        (61.2, 18.46, "61 rows/s, one in 18.5 ms"),
        (1.26, 1326.7, "1.3 rows/s, one in 1.3 s"),
        (0.04, 25_000, "0.04 rows/s, one in 25.0 s"),
        (4914.7, 0.2, "4,915 rows/s, one in 0.2 ms"),
    ],
)
def test_speeds_keep_what_is_slow_apart_from_nothing(
    rate: float, latency_ms: float, shown: str
) -> None:
    assert show_speed(rate, latency_ms) == shown
