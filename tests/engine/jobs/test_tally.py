import polars as pl

from engine.jobs.tally import Tally


def test_rows_with_an_error_are_counted_by_their_reason() -> None:
    tally = Tally()
    tally.add(pl.DataFrame({"error": [None, "cut", "late"]}))
    tally.add(pl.DataFrame({"error": ["late", None]}))
    assert (tally.rows, tally.failed, tally.lost) == (5, 3, 3)
    assert tally.commonest() == (("late", 2), ("cut", 1))


def test_a_reply_that_could_not_be_used_is_not_lost() -> None:
    tally = Tally()
    tally.add(pl.DataFrame({"error": ["no label", "late", None], "reply": ["Hm.", None, "a"]}))
    assert (tally.rows, tally.failed, tally.lost) == (3, 2, 1)


def test_a_table_without_errors_has_only_right_rows() -> None:
    tally = Tally()
    tally.add(pl.DataFrame({"cluster_id": ["a", "b"]}))
    assert (tally.rows, tally.failed, tally.commonest()) == (2, 0, ())


def test_only_the_commonest_reasons_are_kept_in_words() -> None:
    tally = Tally()
    tally.add(pl.DataFrame({"error": [f"{'long ' * 100}{number}" for number in range(9)]}))
    tally.add(pl.DataFrame({"error": [str(number) for number in range(9)]}))
    assert tally.commonest()[0] == (("long " * 100)[:200], 9)
    assert len(tally.commonest()) == 5
