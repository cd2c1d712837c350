"""Which panes there is room for."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.screens.label.layout import EDGES, MEASURE, arrange, toggled
from tui.screens.label.views import PANES, PaneName

BOTH: tuple[PaneName, ...] = ("queue", "members")


@pytest.mark.parametrize(
    ("width", "pane", "sides", "seen"),
    [
        (160, "text", BOTH, {"queue", "text", "members"}),
        (160, "text", ("members",), {"text", "members"}),
        (160, "queue", (), {"queue", "text"}),
        (120, "text", BOTH, {"queue", "text"}),
        (120, "members", BOTH, {"text", "members"}),
        (120, "text", ("members", "queue"), {"text", "members"}),
        (120, "text", (), {"text"}),
        (80, "text", BOTH, {"text"}),
        (80, "queue", BOTH, {"queue"}),
        (80, "members", BOTH, {"text", "members"}),
    ],
)
def test_the_members_yield_first_then_the_queue_and_never_the_active_pane(
    width: int, pane: PaneName, sides: Sequence[PaneName], seen: set[PaneName]
) -> None:
    found = arrange(width, pane, sides)
    assert set(found.widths) == seen
    assert found.is_stacked == (width == 80 and pane == "members")


@given(st.integers(120, 400), st.sampled_from(PANES), st.lists(st.sampled_from(BOTH), unique=True))
def test_panes_fill_the_screen_and_the_text_is_readable(
    width: int, pane: PaneName, sides: list[PaneName]
) -> None:
    widths = arrange(width, pane, sides).widths
    assert sum(widths.values()) == width
    assert widths["text"] - EDGES >= 70
    assert len(widths) == 1 or widths["text"] - EDGES <= MEASURE


def test_a_pane_that_is_brought_back_comes_before_the_others() -> None:
    assert toggled("queue", {"queue", "text"}, BOTH) == ("members",)
    assert toggled("members", {"queue", "text"}, BOTH) == ("members", "queue")
    assert toggled("queue", {"text"}, ()) == ("queue",)
