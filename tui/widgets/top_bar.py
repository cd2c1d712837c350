"""The first line: the screens with their keys, and which workspace this is."""

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tui.inert import one_line
from tui.keymap import Keymap
from tui.keys import SCREENS


class TopBar(Widget):
    """The screens, the present one marked; at the right the workspace and what runs in it."""

    screen_name: reactive[str] = reactive("")
    workspace_name: reactive[str] = reactive("")
    activity: reactive[str] = reactive("")

    def __init__(self, keymap: Keymap) -> None:
        super().__init__()
        self._keymap = keymap

    def render(self) -> Content:
        """Draw the line; the right side gives way where both do not fit."""
        parts: list[Content | tuple[str, str]] = []
        for name, title in SCREENS:
            style = "reverse bold" if name == self.screen_name else ""
            parts += [
                (f" {self._keymap.shown(f'everywhere.{name}')}", style or "$quiet"),
                (f" {title} ", style),
            ]
        left = Content.assemble(*parts)
        texts = [one_line(text) for text in (self.activity, self.workspace_name) if text]
        space = self.size.width - left.cell_length - 1
        right = Content.styled(" · ".join(texts), "$quiet")
        if right.cell_length > space:
            right = Content.styled(texts[0] if texts else "", "$quiet").truncate(max(space, 0))
        return left + right.pad_left(space - right.cell_length)
