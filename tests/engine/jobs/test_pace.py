from itertools import pairwise

import pytest

from engine.jobs.pace import WINDOW_S, Pace, TimeLeft


def test_a_rate_does_not_decay_between_batches() -> None:
    pace = Pace(0.0)
    for batch in range(1, 5):
        pace.see(20.0 * batch, 64.0 * batch)
    rates = [pace.per_s(80.0 + passed) for passed in range(21)]
    assert rates == pytest.approx([3.2] * 21)


def test_a_rate_is_that_of_the_last_minute_in_which_something_came() -> None:
    pace = Pace(0.0)
    for second in range(1, 101):
        pace.see(second, 10.0 * second)
    for second in range(1, 61):
        pace.see(100 + second, 1000 + 2.0 * second)
    assert pace.per_s(160) == pytest.approx(2.0)


def test_there_is_no_rate_before_anything_came_nor_after_a_long_silence() -> None:
    pace = Pace(0.0)
    assert pace.per_s(30.0) is None
    pace.see(0.2, 5.0)
    assert pace.per_s(0.2) is None  # too short to say
    pace.see(10.0, 50.0)
    assert pace.per_s(10.0 + WINDOW_S) == pytest.approx(5.0)
    assert pace.per_s(10.1 + WINDOW_S) is None


def test_what_comes_all_the_time_is_kept_in_few_marks_and_gives_the_same_rate() -> None:
    pace = Pace(0.0)
    for step in range(1, 6001):
        pace.see(step / 100, step)
    assert pace.per_s(60.0) == pytest.approx(100.0)
    assert len(pace._marks) <= 2 * WINDOW_S + 2


def test_lost_work_begins_a_new_rate() -> None:
    pace = Pace(0.0)
    pace.see(10.0, 20.0)
    pace.see(11.0, 0.0)
    assert pace.per_s(11.0) is None
    pace.see(21.0, 10.0)
    assert pace.per_s(21.0) == pytest.approx(1.0)


def test_time_goes_by_second_by_second_where_work_goes_evenly() -> None:
    left = TimeLeft(0.0)
    shown = [left.see(second, 2.0 * second, 1000 - 2.0 * second) for second in range(1, 401)]
    assert shown[0] == pytest.approx(499)
    assert [before - after for before, after in pairwise(shown) if before and after] == (
        pytest.approx([1.0] * 399)
    )


def test_nothing_is_said_before_it_is_known_what_is_left_or_how_fast_it_goes() -> None:
    left = TimeLeft(0.0)
    assert left.see(5.0, 0.0, 100.0) is None
    assert left.see(6.0, 3.0, None) is None
    assert left.see(7.0, 4.0, 96.0) is not None


def test_another_speed_is_followed_without_a_jump() -> None:
    left = TimeLeft(0.0)
    for second in range(1, 301):
        left.see(second, 4.0 * second, 4000 - 4.0 * second)
    shown = [left.see(300 + second, 1200 + second, 2800 - second) for second in range(1, 61)]
    steps = [after - before for before, after in pairwise(shown) if before and after]
    assert min(steps) > -2
    assert max(steps) < 12  # of about 700 s, and 2100 s in the end


def test_batches_that_are_fast_at_first_and_slow_at_their_ends_do_not_move_it() -> None:
    """Rows of a batch end one by one, so that its last seconds bring few tokens."""
    left, work, now, shown = TimeLeft(0.0), 0.0, 0.0, []
    for _ in range(20):
        for step in range(60):
            now += 1
            work += 64 * (1 - step / 60)
            shown.append(left.see(now, work, 20 * 64 * 30.5 - work))
    late = [seconds for seconds in shown[600:] if seconds is not None]
    assert all(abs(seconds - (1200 - 600 - place)) < 45 for place, seconds in enumerate(late))
    assert all(abs(after - before) < 3 for before, after in pairwise(late))
