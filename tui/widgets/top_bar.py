"""The first line: the screens with their keys, and which workspace this is."""

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tui.keys.keymap import Keymap
from tui.keys.registry import SCREENS
from tui.services.inert import one_line

SEPARATOR = " · "


class TopBar(Widget):
    """The screens, the present one marked; at the right the workspace and what runs in it."""

    screen_name: reactive[str] = reactive("")
    workspace_name: reactive[str] = reactive("")
    activity: reactive[str] = reactive("")

    def __init__(self, keymap: Keymap) -> None:
        super().__init__()
        self._keymap = keymap

    def render(self) -> Content:
        """Draw the line; where both do not fit, gaps close, then the right side gives way."""
        texts = [one_line(text) for text in (self.activity, self.workspace_name) if text]
        left = self._screens(" ")
        if left.cell_length + sum(map(len, texts)) + len(SEPARATOR) > self.size.width:
            left = self._screens("")
        space = self.size.width - left.cell_length - 2  # a blank on either side
        right = Content.styled(SEPARATOR.join(texts), "$quiet")
        if right.cell_length > space:
            right = Content.styled(texts[0] if texts else "", "$quiet").truncate(max(space, 0))
        return left + right.pad_left(space + 1 - right.cell_length)

    def _screens(self, gap: str) -> Content:
        parts: list[Content | tuple[str, str]] = []
        for name, title in SCREENS:
            style = "reverse bold" if name == self.screen_name else ""
            parts += [
                (f" {self._keymap.shown(f'everywhere.{name}')}", style or "$quiet"),
                (f" {title}{gap}", style),
            ]
        return Content.assemble(*parts)
