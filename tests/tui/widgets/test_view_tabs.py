"""The names of views: which are drawn on how many columns, and what keys and clicks choose."""

import pytest
from textual.app import App, ComposeResult

from tui.widgets.view_tabs import ViewChosen, ViewTabs

VIEWS = (("scores", "Scores"), ("spread", "Spread"), ("ways", "Ways of asking"), ("pairs", "Pairs"))


class Tabs(App[None]):
    """The tabs alone, which show what was clicked."""

    def __init__(self, current: str) -> None:
        super().__init__()
        self.tabs = ViewTabs(VIEWS, current)

    def compose(self) -> ComposeResult:
        yield self.tabs

    def on_view_chosen(self, message: ViewChosen) -> None:
        self.tabs.current = message.view


def line(app: Tabs) -> str:
    """What is drawn."""
    strips = app.screen._compositor.render_strips()
    return "".join(segment.text for segment in strips[0]).strip()


@pytest.mark.parametrize(
    ("columns", "current", "drawn"),
    [
        (80, "scores", "Scores  Spread  Ways of asking  Pairs"),
        (30, "scores", "Scores  Spread ›"),
        (30, "ways", "‹ Ways of asking  Pairs"),
        (30, "pairs", "‹ Ways of asking  Pairs"),
        (12, "spread", "‹ Spread ›"),
    ],
)
async def test_the_current_name_is_always_drawn_and_signs_say_that_there_are_more(
    columns: int, current: str, drawn: str
) -> None:
    app = Tabs(current)
    async with app.run_test(size=(columns, 2)):
        assert line(app) == drawn


async def test_a_click_on_a_name_asks_for_its_view() -> None:
    app = Tabs("scores")
    async with app.run_test(size=(30, 2)) as pilot:
        await pilot.click(app.tabs, offset=(line(app).index("Spread") + 2, 0))
        assert app.tabs.current == "spread"
        await pilot.click(app.tabs, offset=(line(app).index("Ways") + 2, 0))
        assert app.tabs.current == "ways"
        await pilot.click(app.tabs, offset=(0, 0))
        await pilot.click(app.tabs, offset=(29, 0))
        assert app.tabs.current == "ways"


async def test_beside_a_view_is_the_next_or_the_one_before_around_the_ends() -> None:
    tabs = ViewTabs(VIEWS, "scores")
    assert (tabs.beside(1), tabs.beside(-1)) == ("spread", "pairs")
    tabs = ViewTabs(VIEWS, "pairs")
    assert (tabs.beside(1), tabs.beside(-1)) == ("scores", "ways")
    assert ViewTabs(VIEWS, "elsewhere").beside(1) == "scores"
