from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from tui.widgets.map_layout import Direction, next_in_direction, place_names

numbers = st.integers(-50, 50).map(float)
places = st.lists(st.tuples(numbers, numbers), min_size=1, max_size=20, unique=True)
directions = st.sampled_from(get_args(Direction))


def test_what_is_straight_ahead_comes_before_what_is_nearer_but_aside() -> None:
    found = [(0, 0), (6, 1), (1, 3), (-2, 0), (0, -4)]
    assert next_in_direction(found, 0, "right") == 1
    assert next_in_direction(found, 0, "up") == 2
    assert next_in_direction(found, 0, "left") == 3
    assert next_in_direction(found, 0, "down") == 4


def test_at_the_edge_there_is_none_further() -> None:
    assert next_in_direction([(0, 0), (1, 0)], 1, "right") == 1


@given(places, directions)
def test_any_step_goes_in_its_direction_and_the_last_is_at_the_edge(
    found: list[tuple[float, float]], direction: Direction
) -> None:
    axis, sign = int(direction in ("up", "down")), 1 if direction in ("right", "up") else -1
    current = 0
    while (following := next_in_direction(found, current, direction)) != current:
        assert sign * (found[following][axis] - found[current][axis]) > 0
        current = following
    assert sign * found[current][axis] == max(sign * place[axis] for place in found)


def test_names_do_not_lie_over_each_other_and_get_shorter_where_room_is_short() -> None:
    names = [(7, (5, 0), ("[●8]", "●8")), (2, (6, 0), ("●3", "●")), (3, (9, 0), ("●4", "●"))]
    assert place_names(names, 12, 1) == {7: ((3, 0), "[●8]"), 3: ((8, 0), "●4")}


def test_a_name_at_the_edge_is_moved_into_the_room() -> None:
    names = [(0, (0, 0), ("●10",)), (1, (9, 1), ("●11",)), (2, (0, 5), ("●12",))]
    assert place_names(names, 10, 2) == {0: ((0, 0), "●10"), 1: ((7, 1), "●11")}
