from itertools import pairwise

import pytest

from engine.jobs.reckoning import Reckoned, Reckoning

CHUNK, STEPS = 64, 100


def decode_chunk(reckoning: Reckoning, now: float, step_s: float) -> tuple[float, list[Reckoned]]:
    """Decode a batch, whose rows all end at its last step; what is said after each step."""
    said = []
    for _ in range(STEPS):
        now += step_s
        reckoning.work.decode(CHUNK)
        reckoning.see(now)
        said.append(reckoning.reckon(now))
    for _ in range(CHUNK):
        reckoning.work.end_text(STEPS)
    reckoning.work.advance(CHUNK)
    reckoning.see(now)
    return now, said


def begin(rows: int, done: int = 0) -> Reckoning:
    reckoning = Reckoning(1000.0)
    reckoning.start(1000.0, rows, done)
    work = reckoning.work
    work.texts_per_row, work.most_tokens, work.at_once = 1, STEPS, CHUNK
    return reckoning


def test_over_chunks_the_rate_stays_and_the_time_left_runs_down_to_nothing() -> None:
    reckoning, now, said = begin(10 * CHUNK), 1000.0, []
    for _ in range(10):
        now, some = decode_chunk(reckoning, now + 4.0, step_s=0.2)  # prompts are read for 4 s
        said += some
    late = said[STEPS:]
    rates = [reckoned.tokens_per_s for reckoned in late]
    assert rates == pytest.approx([64 / 0.24] * len(late), rel=0.15)
    assert rates[2 * STEPS :] == pytest.approx([64 / 0.24] * (7 * STEPS), rel=0.06)
    left = [reckoned.eta_s for reckoned in late if reckoned.eta_s is not None]
    assert len(left) == len(late)
    assert left[0] == pytest.approx(9 * 24 - 4, rel=0.15)
    assert left[-1] < 5
    assert all(after - before < 1 for before, after in pairwise(left))


def test_a_resumed_stage_reckons_with_the_rows_that_are_left() -> None:
    reckoning = begin(10 * CHUNK, done=8 * CHUNK)
    now, said = decode_chunk(reckoning, 1000.0, step_s=0.2)
    assert said[-1].eta_s == pytest.approx(20.0, rel=0.05)
    assert reckoning.work.written == 9 * CHUNK
    assert reckoning.conclude(now).rows_per_s == pytest.approx(CHUNK / 20)


def test_a_wait_counts_into_no_rate_and_nothing_is_said_of_the_time_left_meanwhile() -> None:
    reckoning = begin(4 * CHUNK)
    now, said = decode_chunk(reckoning, 1000.0, step_s=0.2)
    before = said[-1]
    reckoning.wait(now)
    waiting = reckoning.reckon(now + 500)
    assert waiting.eta_s is None
    assert waiting.tokens_per_s == pytest.approx(before.tokens_per_s)
    reckoning.go_on(now + 600)
    _, said = decode_chunk(reckoning, now + 600, step_s=0.2)
    assert said[0].eta_s == pytest.approx(before.eta_s or 0, abs=2)
    assert said[-1].tokens_per_s == pytest.approx(before.tokens_per_s)
    assert said[-1].elapsed_s == pytest.approx(640)


def test_nothing_is_said_at_first() -> None:
    reckoning = begin(CHUNK)
    said = reckoning.reckon(1003.0)
    assert (said.rows_per_s, said.tokens_per_s, said.eta_s) == (None, None, None)
