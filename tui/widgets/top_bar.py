"""The first line: the screens with their keys, and which workspace this is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from textual.content import Content
from textual.events import Click
from textual.reactive import reactive
from textual.widget import Widget

from tui.keys.everywhere import SCREENS
from tui.keys.key import Scope
from tui.keys.keymap import Keymap
from tui.services.inert import one_line

SEPARATOR: Final = " · "
SHORTEST_NAME: Final = 12  # cells of a workspace's name for which tabs close up
LEAST_OF_NAME: Final = 4  # cells of it that say something beside what runs


@dataclass(frozen=True, slots=True)
class Tab:
    """A screen on the line, as it is drawn."""

    scope: Scope
    content: Content


class TopBar(Widget):
    """The screens, the present one marked; at the right the workspace and what runs in it."""

    screen_name: reactive[str] = reactive("")
    workspace_name: reactive[str] = reactive("")
    activity: reactive[str] = reactive("")

    def __init__(self, keymap: Keymap) -> None:
        super().__init__()
        self._keymap = keymap
        self._tabs: Sequence[Tab] = ()

    def render(self) -> Content:
        """Draw the line: tabs close up for what is at the right, which then gives way."""
        width, name = self.size.width, one_line(self.workspace_name)
        activity = self.activity + SEPARATOR if self.activity else ""
        wanted = len(activity) + min(len(name), SHORTEST_NAME)
        self._tabs = lay_out_tabs(self.screen_name, self._keymap, width - wanted - 2)
        left = Content("").join(tab.content for tab in self._tabs)
        space = max(width - left.cell_length - 2, 0)  # a blank on either side
        is_full = len(activity) + LEAST_OF_NAME > space
        right = Content.styled(self.activity if activity and is_full else activity + name, "$quiet")
        right = right.truncate(space, ellipsis=True)
        return left + right.pad_left(space + 1 - right.cell_length)

    async def on_click(self, event: Click) -> None:
        """Go to the screen whose tab was clicked."""
        start = 0
        for tab in self._tabs:
            if start <= event.x < start + tab.content.cell_length:
                await self.app.run_action(f"app.show('{tab.scope}')")
                return
            start += tab.content.cell_length


def lay_out_tabs(present: str, keymap: Keymap, space: int) -> list[Tab]:
    """The roomiest tabs that fit the space, else the tightest; the present one has its title.

    First gaps close, then titles become short, then keys touch them. Which is the present screen
    makes no difference to that: tabs stay where they are.
    """
    longest = max(len(screen.title) - len(screen.short) for screen in SCREENS)
    for is_short, after_key, after in ((False, " ", " "), (False, " ", ""), (True, " ", "")):
        tabs = _tabs("", keymap, is_short, after_key, after)
        extra = longest if is_short else 0
        if sum(tab.content.cell_length for tab in tabs) + extra <= space:
            return _tabs(present, keymap, is_short, after_key, after)
    return _tabs(present, keymap, True, "", "")


def _tabs(present: str, keymap: Keymap, is_short: bool, after_key: str, after: str) -> list[Tab]:
    tabs = []
    for screen in SCREENS:
        is_present = screen.scope == present
        title = screen.short if is_short and not is_present else screen.title
        key = f" {keymap.shown(f'everywhere.{screen.scope}')}"
        style = "reverse bold" if is_present else ""
        parts = (f"{key}", style or "$quiet"), (f"{after_key}{title}{after}", style)
        tabs.append(Tab(screen.scope, Content.assemble(*parts)))
    return tabs
