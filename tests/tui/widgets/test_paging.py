"""Places in a list that is read page by page."""

from tui.widgets.paging import Paging


def test_beyond_a_full_page_is_the_next_one() -> None:
    assert Paging(3, 0, 2).move(1, 3) == Paging(3, 1, 0)
    assert Paging(3, 1, 0).first == 3


def test_before_a_page_is_the_last_row_of_the_one_before() -> None:
    assert Paging(3, 1, 0).move(-1, 2) == Paging(3, 0, 2)


def test_a_list_ends_where_its_last_page_does() -> None:
    assert Paging(3, 1, 1).move(1, 2) == Paging(3, 1, 1)
    assert Paging(3, 0, 0).move(-1, 3) == Paging(3, 0, 0)
    assert Paging(3, 0, 0).move(1, 0) == Paging(3, 0, 0)
