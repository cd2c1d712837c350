from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.widgets.braille import ACROSS, DOWN, STRETCHED, Scale, draw_points

numbers = st.floats(-1e6, 1e6, allow_nan=False)
places = st.lists(st.tuples(numbers, numbers), min_size=1, max_size=30)


def scale_of(found: Sequence[tuple[float, float]], columns: int, rows: int) -> Scale:
    return Scale.fit((x for x, _ in found), (y for _, y in found), columns, rows)


def test_each_dot_of_a_cell_has_its_bit() -> None:
    square = [(x, y) for x in range(ACROSS) for y in range(DOWN)]
    scale = scale_of(square, 1, 1)
    chars, _ = draw_points(((x, y, 0) for x, y in square), scale)
    assert chars == {(0, 0): "⣿"}
    corners = [(0, 3, 0), (1, 0, 0)]  # y points upwards: above left, and below right
    assert draw_points(corners, scale)[0] == {(0, 0): "⢁"}


def test_a_cell_is_of_the_kind_that_most_of_its_points_are() -> None:
    scale = Scale(left=0, top=3, across=1, down=1)
    _, kinds = draw_points([(0, 0, 2), (1, 1, 1), (1, 2, 2), (4, 0, 1), (5, 0, 0)], scale)
    assert kinds == {(0, 0): 2, (2, 0): 0}


@given(places, st.integers(1, 60), st.integers(1, 30))
def test_every_place_is_within_the_room(
    found: list[tuple[float, float]], columns: int, rows: int
) -> None:
    scale = scale_of(found, columns, rows)
    for x, y in found:
        column, row = scale.cell(x, y)
        assert 0 <= column < columns
        assert 0 <= row < rows


@pytest.mark.parametrize(("columns", "rows"), [(10, 10), (40, 10), (10, 40)])
def test_no_direction_is_stretched_beyond_the_limit(columns: int, rows: int) -> None:
    scale = scale_of([(0, 0), (1, 1)], columns, rows)
    assert 1 / STRETCHED <= scale.across / scale.down <= STRETCHED


def test_places_that_are_all_the_same_lie_in_the_middle() -> None:
    assert scale_of([(5, 5), (5, 5)], 9, 5).cell(5, 5) == (4, 2)
    assert scale_of([], 9, 5).cell(0, 0) == (4, 2)
