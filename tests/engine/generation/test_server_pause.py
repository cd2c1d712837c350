import pytest

from engine.generation.server_pause import LONGEST_S, pause_s

NOW = 1_800_000_000.0


@pytest.mark.parametrize(("jitter", "expected"), [(0.0, 2.0), (0.5, 3.0), (1.0, 4.0)])
def test_jitter_halves_a_pause_at_most(jitter: float, expected: float) -> None:
    assert pause_s(3, jitter, {}, NOW) == expected


def test_pauses_grow_to_a_minute() -> None:
    grown = [pause_s(attempt, 1.0, {}, NOW) for attempt in range(1, 9)]
    assert grown == [1, 2, 4, 8, 16, 32, 60, 60]
    assert pause_s(10_000, 1.0, {}, NOW) == 60


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("17", 17.0),
        (" 2.5 ", 2.5),
        ("Thu, 01 Jan 1970 00:01:40 GMT", 1.0),  # long ago
        ("Fri, 15 Jan 2027 08:01:00 GMT", 60.0),
        ("1800000030", 30.0),  # a point in time, in seconds
        ("1800000030000", 30.0),  # and in milliseconds
        ("100000000000", 1.0),
        ("0", 1.0),
        ("-43", 1.0),
        ("nan", 1.0),
        ("inf", 1.0),
        ("-inf", 1.0),
        ("1e400", 1.0),
        ("soon", 1.0),
        ("", 1.0),
        ("Sat, 99 Foo 2026 99:99:99 GMT", 1.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST_S),
        ("86400", LONGEST_S),
        ("999999999", LONGEST_S),
    ],
)
def test_a_server_is_respected_between_a_growing_floor_and_five_minutes(
    asked: str, expected: float
) -> None:
    assert pause_s(1, 1.0, {"retry-after": asked}, NOW) == expected


def test_milliseconds_come_first() -> None:
    assert pause_s(1, 1.0, {"retry-after-ms": "4500", "retry-after": "60"}, NOW) == 4.5
    assert pause_s(1, 1.0, {"retry-after-ms": "soon", "retry-after": "60"}, NOW) == 60
    assert pause_s(3, 1.0, {"retry-after-ms": "0"}, NOW) == 4
