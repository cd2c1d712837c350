"""The line of screens: what fits on how many columns, and what a click on it does."""

import pytest
from textual.app import App, ComposeResult

from tui.keys.everywhere import SCREENS
from tui.keys.key import ScreenEntry
from tui.keys.keymap import Keymap
from tui.keys.registry import KEYS
from tui.widgets import top_bar
from tui.widgets.top_bar import TopBar

RUNNING = "▶ 2 jobs"
NAME = "a-workspace-with-a-rather-long-name"


class Bar(App[None]):
    """A bar alone, which notes the screens that it asks for."""

    def __init__(self, activity: str) -> None:
        super().__init__()
        self.bar = TopBar(Keymap())
        self.bar.screen_name = "accuracy"
        self.bar.workspace_name = NAME
        self.bar.activity = activity
        self.asked_for: list[str] = []

    def compose(self) -> ComposeResult:
        yield self.bar

    def action_show(self, name: str) -> None:
        self.asked_for.append(name)


def line(app: Bar) -> str:
    """What is drawn."""
    strips = app.screen._compositor.render_strips()
    return "".join(segment.text for segment in strips[0])


@pytest.fixture
def nine(monkeypatch: pytest.MonkeyPatch) -> tuple[ScreenEntry, ...]:
    """Nine screens, whatever the app has."""
    more = (ScreenEntry("jobs", "Data", "Data", ""), ScreenEntry("audit", "Try", "Try", ""))
    entries = (*SCREENS, *more)[:9]
    monkeypatch.setattr(top_bar, "SCREENS", entries)
    return entries


@pytest.mark.parametrize("activity", ["", RUNNING])
async def test_nine_screens_fit_into_80_columns_beside_what_runs(
    nine: tuple[ScreenEntry, ...], activity: str
) -> None:
    app = Bar(activity)
    async with app.run_test(size=(80, 2)):
        text = line(app)
    assert all(f"{screen.short}" in text for screen in nine)
    assert "F6Accuracy" in text
    assert activity in text
    assert text.rstrip().endswith(activity or "…")


@pytest.mark.parametrize(("columns", "has_name"), [(120, False), (160, True)])
async def test_where_there_is_room_titles_are_whole_and_a_name_that_is_cut_says_so(
    nine: tuple[ScreenEntry, ...], columns: int, has_name: bool
) -> None:
    app = Bar(RUNNING)
    async with app.run_test(size=(columns, 2)):
        text = line(app).rstrip()
    assert all(f" {screen.title}" in text for screen in nine)
    assert f"{RUNNING} · a-workspace" in text
    assert text.endswith(NAME if has_name else "…")


async def test_a_click_on_a_tab_asks_for_its_screen() -> None:
    app = Bar(RUNNING)
    async with app.run_test(size=(160, 2)) as pilot:
        for screen in SCREENS:
            await pilot.click(app.bar, offset=(line(app).index(screen.title), 0))
        await pilot.click(app.bar, offset=(150, 0))
    assert app.asked_for == [screen.scope for screen in SCREENS]


def test_the_screens_have_the_function_keys_in_their_order() -> None:
    keys = {key.id: key.keys for key in KEYS}
    for number, screen in enumerate(SCREENS, start=1):
        assert keys[f"everywhere.{screen.scope}"] == (f"f{number}",)
