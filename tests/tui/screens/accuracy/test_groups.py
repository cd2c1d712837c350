"""Groups of rows and the matrix of them."""

from tui.screens.accuracy.groups import Grid, Side, confusion_cells, first_place, move_place

COUNTS = {("a", "a"): 5, ("a", "b"): 2, ("b", None): 3, (None, "a"): 7, ("c", "b"): 1}
LABELS = ("a", "b", "c")


def counts_of(grid: Grid) -> list[list[int]]:
    return [[group.count for group in row] for row in grid]


def test_cells_count_every_labelled_row_once() -> None:
    whole = confusion_cells(COUNTS, LABELS, {"b"}, is_collapsed=False)
    assert counts_of(whole) == [[5, 2, 0, 0], [0, 0, 0, 3], [0, 1, 0, 0]]
    sides = confusion_cells(COUNTS, LABELS, {"b"}, is_collapsed=True)
    assert counts_of(sides) == [[0, 0, 3], [3, 5, 0]]
    assert sides[1][0].truth == ("a", "c")
    none_positive = confusion_cells(COUNTS, LABELS, set(), is_collapsed=True)
    assert counts_of(none_positive) == [[0, 0, 0], [0, 8, 3]]


def test_a_matrix_begins_where_most_is_wrong_and_a_list_at_its_first_group() -> None:
    assert first_place(confusion_cells(COUNTS, LABELS, {"b"}, is_collapsed=False)) == (1, 3)
    assert first_place(((Side(True, False, 1),), (Side(False, True, 5),))) == (0, 0)
    assert first_place(()) == (0, 0)


def test_no_place_lies_beyond_the_last_group() -> None:
    grid: Grid = (
        (Side(True, False, 1),),
        *confusion_cells(COUNTS, LABELS, {"b"}, is_collapsed=False),
    )
    assert move_place(grid, (3, 3), 1, 1) == (3, 3)
    assert move_place(grid, (1, 3), -1, 0) == (0, 0)
    assert move_place(grid, (0, 0), -1, -1) == (0, 0)
    assert move_place((), (2, 2), 1, 1) == (0, 0)
