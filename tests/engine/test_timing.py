"""Timing against a clock that the judged texts move."""

import statistics
from collections.abc import Sequence

import numpy as np
import pytest

from engine.timing import BATCHES_TOGETHER, MOST_S, ONE_BY_ONE, Speed, measure_speed

FIRST_TIME_S = 2.0


class SlowJudge:
    """Takes 1 ms a batch and 0.1 ms a character, and much longer the first two times."""

    def __init__(self) -> None:
        self.now = 0.0
        self.calls: list[list[str]] = []

    def clock(self) -> float:
        return self.now

    def judge(self, texts: Sequence[str], batch_size: int) -> None:
        self.calls.append(list(texts))
        batches = -(-len(texts) // batch_size)
        self.now += 0.001 * batches + 0.0001 * sum(len(text) for text in texts)
        if len(self.calls) <= 2:
            self.now += FIRST_TIME_S

    def measure(self, texts: Sequence[str], batch_size: int) -> Speed:
        return measure_speed(self.judge, texts, batch_size, clock=self.clock)


def test_rows_and_milliseconds_are_those_of_the_clock_after_the_first_time() -> None:
    texts = ["a" * (1 + number % 7) for number in range(300)]
    found = SlowJudge().measure(texts, 32)
    characters = sum(len(text) for text in texts)
    assert found.rows == 300
    assert found.rows_per_second == pytest.approx(300 / (0.001 * 10 + 0.0001 * characters))
    single = [1 + 0.1 * len(text) for text in texts[:ONE_BY_ONE]]
    assert found.latency_rows == ONE_BY_ONE
    assert found.latency_ms == pytest.approx(statistics.median(single))
    assert found.latency_p95_ms == pytest.approx(np.percentile(single, 95))


def test_one_text_is_enough() -> None:
    found = SlowJudge().measure(["abcde"], 32)
    assert (found.rows, found.latency_rows) == (1, 1)
    assert found.rows_per_second == pytest.approx(1 / 0.0015)
    assert found.latency_ms == found.latency_p95_ms == pytest.approx(1.5)


def test_a_slow_judge_is_timed_on_fewer_texts() -> None:
    texts = ["a" * 10_000] * 1_000  # a second each
    slow = SlowJudge()
    found = slow.measure(texts, 2)
    assert found.rows == 2 * BATCHES_TOGETHER
    assert found.latency_rows == int(MOST_S)
    assert found.rows_per_second == pytest.approx(1, rel=0.01)


def test_a_first_batch_that_takes_long_is_what_is_timed() -> None:
    texts = ["a" * 10_000] * 1_000
    slow = SlowJudge()
    found = slow.measure(texts, 16)
    assert found.rows == 16
    assert found.rows_per_second == pytest.approx(16 / (16 + 0.001 + FIRST_TIME_S))
    assert len([call for call in slow.calls if len(call) > 1]) == 1


def test_every_text_is_judged_once_in_batches_and_once_alone() -> None:
    texts = [str(number) for number in range(50)]
    slow = SlowJudge()
    slow.measure(texts, 4)
    whole = [call for call in slow.calls[2:] if len(call) > 1]
    assert [text for call in whole for text in call] == texts
    assert [call for call in slow.calls[2:] if len(call) == 1] == [[text] for text in texts]
