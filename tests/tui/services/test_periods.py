"""Periods of local time, where the clock goes forward or back, and in zones of half hours."""

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tui.services.periods import Length, begin_of, begins_of, choose_length, end_of

VIENNA, NEPAL = ZoneInfo("Europe/Vienna"), ZoneInfo("Asia/Kathmandu")
SAO_PAULO = ZoneInfo("America/Sao_Paulo")
HOUR = timedelta(hours=1)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


@pytest.fixture
def in_vienna(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(os.environ, "TZ", "Europe/Vienna")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_an_hour_that_the_clock_shows_twice_is_two_periods() -> None:
    first, second = utc(2026, 10, 25, 0, 30), utc(2026, 10, 25, 1, 30)  # both 02:30 in Vienna
    assert first.astimezone(VIENNA).hour == second.astimezone(VIENNA).hour == 2
    assert begin_of(first, "hour", VIENNA) == utc(2026, 10, 25, 0)
    assert begin_of(second, "hour", VIENNA) == utc(2026, 10, 25, 1)
    assert end_of(utc(2026, 10, 25, 0), "hour", VIENNA) == utc(2026, 10, 25, 1)


@pytest.mark.parametrize(
    ("noon", "hours"),
    [(utc(2026, 3, 29, 12), 23), (utc(2026, 10, 25, 12), 25), (utc(2026, 6, 1, 12), 24)],
)
def test_a_day_has_as_many_hours_as_the_clock_shows(noon: datetime, hours: int) -> None:
    begin = begin_of(noon, "day", VIENNA)
    assert begin.astimezone(VIENNA).hour == 0
    assert end_of(begin, "day", VIENNA) - begin == hours * HOUR


def test_a_day_may_begin_where_the_clock_skips_midnight() -> None:
    begin = begin_of(utc(2018, 11, 4, 12), "day", SAO_PAULO)  # 00:00 became 01:00
    assert begin == utc(2018, 11, 4, 3)
    assert end_of(begin, "day", SAO_PAULO) - begin == 23 * HOUR


def test_a_week_begins_on_monday_and_may_be_an_hour_longer() -> None:
    begin = begin_of(utc(2026, 10, 22, 12), "week", VIENNA)
    assert begin == utc(2026, 10, 18, 22)
    assert begin.astimezone(VIENNA).isoweekday() == 1
    assert end_of(begin, "week", VIENNA) - begin == (7 * 24 + 1) * HOUR


def test_hours_of_a_zone_beside_those_of_utc_are_whole_hours_there() -> None:
    begin = begin_of(utc(2026, 5, 1, 12, 20), "hour", NEPAL)
    assert begin == utc(2026, 5, 1, 12, 15)
    assert begin.astimezone(NEPAL).minute == 0
    assert begins_of([utc(2026, 5, 1, 12)], "hour", NEPAL) == {
        utc(2026, 5, 1, 11, 15), utc(2026, 5, 1, 12, 15)
    }  # fmt: skip


@pytest.mark.usefixtures("in_vienna")
@pytest.mark.parametrize("length", ["hour", "day", "week"])
def test_without_a_zone_it_is_that_of_the_machine(length: Length) -> None:
    for hours in range(0, 24 * 400, 7):
        moment = utc(2026, 1, 1, 0, 30) + hours * HOUR
        assert begin_of(moment, length) == begin_of(moment, length, VIENNA)


@pytest.mark.parametrize(
    ("hours", "length"),
    [(0, "hour"), (60, "hour"), (61, "day"), (60 * 24, "day"), (61 * 24, "week"),
     (900 * 24, "week")],
)  # fmt: skip
def test_the_shortest_length_of_at_most_sixty_periods_is_chosen(hours: int, length: str) -> None:
    assert choose_length([utc(2026, 1, 1) + number * HOUR for number in range(hours)]) == length
