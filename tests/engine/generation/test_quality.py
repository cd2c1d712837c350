from engine.generation.quality import SIGNS, Row, measure_quality, signs_of
from engine.statistics.measures import wilson


def test_every_sign_has_its_share_with_n_and_interval() -> None:
    rows = [Row("a", ("cut", "echo")), Row("b", ("cut",)), Row("c", ()), Row("d", ())]
    shares = {item.sign: item for item in measure_quality(rows)}
    assert tuple(shares) == SIGNS
    assert shares["cut"].share == wilson(2, 4)
    assert (shares["cut"].rows, shares["echo"].rows, shares["equal"].rows) == (2, 1, 0)


def test_texts_are_equal_whatever_their_case_and_spaces() -> None:
    rows = [Row("Why  rest?", ()), Row("why rest?", ("cut",)), Row("Why not?", ()), Row(" ", ())]
    assert signs_of(rows) == [{"equal"}, {"cut", "equal"}, set(), set()]


def test_texts_without_words_are_not_equal() -> None:
    assert signs_of([Row("", ("empty",)), Row(" ", ("empty",))]) == [{"empty"}, {"empty"}]


def test_without_a_row_there_is_no_share() -> None:
    assert measure_quality([]) == ()
