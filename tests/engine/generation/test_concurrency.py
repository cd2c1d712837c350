import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.generation.concurrency import FIRST, MOST, AdaptiveLimit, FixedLimit, make_limit

TOKENS = 50


class Server:
    """A server with room for `room` requests at a time, each of which takes a second."""

    def __init__(self, room: int, limit: AdaptiveLimit) -> None:
        self.room, self.limit = room, limit
        self.now_s = 0.0

    def answer(self, rounds: int) -> list[int]:
        """The limits after rounds in each of which as many requests are sent as are allowed."""
        limits = []
        for _ in range(rounds):
            began_s, sent = self.now_s, self.limit.value
            self.now_s += max(1.0, sent / self.room)
            for _ in range(sent):
                self.limit.count(began_s, self.now_s, TOKENS)
            limits.append(self.limit.value)
        return limits


def test_a_number_stays_whatever_happens() -> None:
    limit = make_limit(48)
    limit.count(0.0, 1.0, 9)
    limit.overload(0.0, 1.0)
    assert limit == FixedLimit(48)


def test_the_limit_grows_while_throughput_grows_and_then_goes_back() -> None:
    limits = Server(room=64, limit=AdaptiveLimit()).answer(12)
    assert limits[:3] == [32, 64, 128]
    assert set(limits[3:]) == {64}


def test_a_larger_limit_is_tried_again_after_a_while() -> None:
    server = Server(room=64, limit=AdaptiveLimit())
    server.answer(12)
    server.room = 200
    assert max(server.answer(40)) >= 128


@pytest.mark.parametrize("room", [16, 1_000_000])
def test_the_limit_stays_within_its_bounds(room: int) -> None:
    limits = Server(room, AdaptiveLimit()).answer(60)
    assert FIRST <= min(limits) <= max(limits) <= MOST


def test_requests_that_are_turned_away_together_halve_the_limit_once() -> None:
    limit = AdaptiveLimit()
    for _ in range(FIRST):
        limit.overload(began_s=0.0, now_s=1.0)
    assert limit.value == FIRST // 2
    limit.overload(began_s=1.5, now_s=2.0)
    assert limit.value == FIRST // 4


def test_after_an_overload_the_limit_grows_by_a_quarter() -> None:
    limit = AdaptiveLimit()
    limit.overload(began_s=0.0, now_s=0.5)
    server = Server(room=1_000_000, limit=limit)
    server.now_s = 1.0
    grown = [value for value in server.answer(11) if value > FIRST // 2]
    assert grown[0] == FIRST // 2 * 5 // 4


def test_replies_to_requests_that_were_sent_under_another_limit_do_not_count() -> None:
    limit = AdaptiveLimit()
    limit.overload(began_s=0.0, now_s=5.0)
    for _ in range(1000):
        limit.count(began_s=4.0, now_s=6.0, tokens=TOKENS)
    assert limit.value == FIRST // 2


@given(
    st.lists(
        st.tuples(st.booleans(), st.floats(0.0, 10.0), st.integers(0, 500)),
        max_size=300,
    )
)
def test_whatever_a_server_does_at_least_one_request_may_run(
    ends: list[tuple[bool, float, int]],
) -> None:
    limit, now_s = AdaptiveLimit(), 0.0
    for is_overload, took_s, tokens in ends:
        began_s, now_s = now_s, now_s + took_s
        if is_overload:
            limit.overload(began_s, now_s)
        else:
            limit.count(began_s, now_s, tokens)
        assert 1 <= limit.value <= MOST
