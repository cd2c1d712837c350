"""The line of screens: what fits on how many columns, and what a click on it does."""

import pytest
from textual.app import App, ComposeResult

from tui.keys.everywhere import SCREENS
from tui.keys.keymap import Keymap
from tui.keys.registry import KEYS
from tui.widgets.top_bar import TopBar

NAME = "a-workspace-with-a-rather-long-name"


class Bar(App[None]):
    """A bar alone, which notes the screens that it asks for."""

    def __init__(self, running: int) -> None:
        super().__init__()
        self.bar = TopBar(Keymap())
        self.bar.screen_name = "accuracy"
        self.bar.workspace_name = NAME
        self.bar.running = running
        self.asked_for: list[str] = []

    def compose(self) -> ComposeResult:
        yield self.bar

    def action_show(self, name: str) -> None:
        self.asked_for.append(name)


def line(app: Bar) -> str:
    """What is drawn."""
    strips = app.screen._compositor.render_strips()
    return "".join(segment.text for segment in strips[0])


@pytest.mark.parametrize(("running", "right"), [(0, " a-wo…"), (2, " ▶ 2")])
async def test_all_screens_fit_into_80_columns_beside_what_runs(running: int, right: str) -> None:
    app = Bar(running)
    async with app.run_test(size=(80, 2)):
        text = line(app)
    assert all(f"{screen.short}" in text for screen in SCREENS)
    assert text.rstrip().endswith(right)


async def test_with_more_room_the_present_screen_has_its_title_and_jobs_are_named() -> None:
    app = Bar(2)
    async with app.run_test(size=(104, 2)):
        text = line(app)
    assert "F6Accuracy F7Jobs" in text
    assert text.rstrip().endswith("▶ 2 jobs · a-workspace-…")


@pytest.mark.parametrize(("columns", "has_name"), [(120, False), (160, True)])
async def test_where_there_is_room_titles_are_whole_and_a_name_that_is_cut_says_so(
    columns: int, has_name: bool
) -> None:
    app = Bar(2)
    async with app.run_test(size=(columns, 2)):
        text = line(app).rstrip()
    assert all(f" {screen.title}" in text for screen in SCREENS)
    assert "▶ 2 jobs · a-workspace" in text
    assert text.endswith(NAME if has_name else "…")


async def test_a_click_on_a_tab_asks_for_its_screen() -> None:
    app = Bar(2)
    async with app.run_test(size=(160, 2)) as pilot:
        for screen in SCREENS:
            await pilot.click(app.bar, offset=(line(app).index(screen.title), 0))
        await pilot.click(app.bar, offset=(150, 0))
    assert app.asked_for == [screen.scope for screen in SCREENS]


def test_the_screens_have_the_function_keys_in_their_order() -> None:
    keys = {key.id: key.keys for key in KEYS}
    for number, screen in enumerate(SCREENS, start=1):
        assert keys[f"everywhere.{screen.scope}"] == (f"f{number}",)
