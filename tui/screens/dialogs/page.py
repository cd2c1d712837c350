"""A dialog with a text that scrolls."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui.keys.bindings import bindings
from tui.keys.keymap import Keymap
from tui.screens.dialogs.frame import Dialog


class Page(Dialog[None]):
    """A text to read, as high as it needs to be."""

    SCOPE = "help"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("help")]
    AUTO_FOCUS = ""

    def __init__(self, title: str, text: Content, keymap: Keymap) -> None:
        super().__init__(title, keymap)
        self._page = VerticalScroll(Static(text), can_focus=False)

    def compose(self) -> ComposeResult:
        """Lay out the text."""
        yield self.boxed(self._page)

    def action_scroll(self, by: int) -> None:
        """Scroll by a line."""
        self._page.scroll_relative(y=by, animate=False)

    def action_close(self) -> None:
        """Go back to the screen below."""
        self.dismiss(None)
