import pytest

from engine.jobs.work import ENOUGH_TEXTS, Work


def texts(rows: int, most_tokens: int = 100, texts_per_row: int = 1, at_once: int = 0) -> Work:
    """The work of a stage that writes texts."""
    work = Work(texts_per_row=texts_per_row, most_tokens=most_tokens, at_once=at_once)
    work.start(rows, 0)
    return work


def write(work: Work, number: int, tokens: int) -> None:
    for _ in range(number):
        work.decode(tokens)
        work.end_text(tokens)


def test_what_is_done_is_what_is_in_parts_and_what_is_written_lies_ahead() -> None:
    work = texts(10)
    write(work, 3, 40)
    assert (work.done, work.written) == (0, 3)
    work.advance(3)
    assert (work.done, work.written) == (3, 3)
    write(work, 2, 40)
    assert (work.done, work.written) == (3, 5)


def test_a_resumed_stage_begins_with_what_is_done_and_counts_its_own_work() -> None:
    work = Work()
    work.start(100, 40)
    assert (work.written, work.amount, work.left, work.share) == (40, 0, 60, 0.4)
    work.ahead += 5
    work.advance(10)
    assert (work.done, work.written, work.amount) == (50, 50, 10)


def test_a_row_of_several_texts_is_written_once_all_of_them_are() -> None:
    work = texts(4, texts_per_row=3)
    write(work, 5, 10)
    assert work.written == 1
    write(work, 7, 10)
    work.advance(4)
    assert (work.written, work.ahead) == (4, 0)


def test_what_did_not_fit_in_memory_is_no_longer_ahead_and_what_is_done_stays() -> None:
    work = texts(10)
    write(work, 2, 40)
    work.advance(2)
    write(work, 3, 10)
    work.decode(100)
    work.drop()
    assert (work.done, work.written) == (2, 2)
    assert work.left == pytest.approx(8 * 40)


def test_the_rest_is_as_many_tokens_as_the_rows_that_are_done_had() -> None:
    work = texts(10)
    write(work, 4, 50)
    work.advance(4)
    assert work.left == 6 * 50
    work.decode(120)  # of texts that go on
    assert work.left == 6 * 50 - 120
    write(work, 1, 10)  # a short one comes first, and says nothing of the others
    assert work.left == 5 * 50 - 120


def test_before_any_row_is_done_those_that_go_on_are_expected_to_get_twice_as_long() -> None:
    work = texts(64, most_tokens=250, at_once=64)
    for _ in range(ENOUGH_TEXTS):
        work.decode(20)
        work.end_text(20)
    work.decode(56 * 20)  # the others have come as far
    expected = (8 * 20 + 56 * 40) / 64
    assert work.left == pytest.approx(56 * expected - 56 * 20)


def test_no_text_is_expected_to_get_longer_than_it_may() -> None:
    work = texts(64, most_tokens=250, at_once=64)
    work.decode(64 * 200)
    assert work.left == 64 * 250 - 64 * 200


def test_nothing_is_known_of_the_rest_until_some_texts_have_ended_or_all_are_long() -> None:
    work = texts(64, most_tokens=100, at_once=64)
    work.decode(64 * 49)
    assert work.left is None
    work.decode(64)
    assert work.left == 64 * 50
    early = texts(64, most_tokens=100, at_once=64)
    write(early, ENOUGH_TEXTS - 1, 5)
    assert early.left is None
    write(early, 1, 5)
    assert early.left is not None


def test_of_a_small_batch_a_quarter_is_enough() -> None:
    work = texts(10, most_tokens=100, at_once=10)
    write(work, 1, 20)
    assert work.left is None
    write(work, 1, 20)
    work.decode(8 * 20)
    assert work.left == pytest.approx(8 * (2 * 20 + 8 * 40) / 10 - 8 * 20)


def test_of_replies_it_is_not_known_how_many_are_on_their_way() -> None:
    work = texts(64)
    write(work, ENOUGH_TEXTS - 1, 30)
    assert work.left is None
    write(work, 1, 30)
    assert work.left == (64 - ENOUGH_TEXTS) * 30


def test_the_share_grows_with_every_token_and_never_falls() -> None:
    work, shares = texts(128, most_tokens=100, at_once=64), []
    for _ in range(2):
        for step in range(1, 101):
            work.decode(64 if step <= 50 else 32)
            if step == 50:  # half of them end here
                for _ in range(32):
                    work.end_text(50)
            shares.append(work.share)
        for _ in range(32):
            work.end_text(100)
        work.advance(64)
        shares.append(work.share)
    assert shares == sorted(shares)
    assert shares[10] > 0
    assert (shares[100], shares[-1]) == (0.5, 1.0)


def test_without_texts_the_share_is_of_rows() -> None:
    work = Work()
    work.start(8, 0)
    work.ahead += 4
    assert (work.share, work.left) == (0.5, 4)
