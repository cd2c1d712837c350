"""The first line: the screens with their keys, and which workspace this is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from textual.content import Content
from textual.events import Click
from textual.reactive import reactive
from textual.widget import Widget

from store.counting import counted
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


@dataclass(frozen=True, slots=True)
class Form:
    """How roomy the line is: which titles are short, and what comes after a key and a title."""

    shortens: Literal["none", "others", "all"]
    after_key: str
    after: str


FORMS: Final = (
    Form("none", " ", " "),
    Form("none", " ", ""),
    Form("others", " ", ""),
    Form("others", "", ""),
    Form("all", "", ""),
)


class TopBar(Widget):
    """The screens, the present one marked; at the right the workspace and how many jobs run."""

    screen_name: reactive[str] = reactive("")
    workspace_name: reactive[str] = reactive("")
    running: reactive[int] = reactive(0)

    def __init__(self, keymap: Keymap) -> None:
        super().__init__()
        self._keymap = keymap
        self._tabs: Sequence[Tab] = ()

    def render(self) -> Content:
        """Draw the line: tabs close up for what is at the right, which then gives way."""
        width, name = self.size.width, one_line(self.workspace_name)
        whole, brief = f"▶ {counted(self.running, 'job')}", f"▶ {self.running}"
        activity = whole + SEPARATOR if self.running else ""
        wanted = len(activity) + min(len(name), SHORTEST_NAME)
        self._tabs = lay_out_tabs(self.screen_name, self._keymap, width - wanted - 2)
        left = Content("").join(tab.content for tab in self._tabs)
        space = max(width - left.cell_length - 2, 0)  # a blank on either side
        if activity and len(activity) + LEAST_OF_NAME > space:
            activity, name = whole if len(whole) <= space else brief, ""
        right = Content.styled(activity + name, "$quiet")
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

    First gaps close, then titles become short, then keys touch them, then the present one has its
    short title as well. Which is the present screen makes no difference to that: tabs stay where
    they are.
    """
    longest = max(len(screen.title) - len(screen.short) for screen in SCREENS)
    for form in FORMS:
        tabs = _tabs("", keymap, form)
        extra = longest if form.shortens == "others" else 0
        if sum(tab.content.cell_length for tab in tabs) + extra <= space:
            break
    return _tabs(present, keymap, form)


def _tabs(present: str, keymap: Keymap, form: Form) -> list[Tab]:
    tabs = []
    for screen in SCREENS:
        is_present = screen.scope == present
        is_short = form.shortens == "all" or (form.shortens == "others" and not is_present)
        title = screen.short if is_short else screen.title
        key = f" {keymap.shown(f'everywhere.{screen.scope}')}"
        style = "reverse bold" if is_present else ""
        parts = (f"{key}", style or "$quiet"), (f"{form.after_key}{title}{form.after}", style)
        tabs.append(Tab(screen.scope, Content.assemble(*parts)))
    return tabs
