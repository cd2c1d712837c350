"""A question that must be answered before something starts or stops."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui.keys.bindings import bindings
from tui.keys.keymap import Keymap
from tui.screens.dialogs.frame import Dialog


class Confirm(Dialog[bool]):
    """Gives back whether the user agreed."""

    SCOPE = "dialog"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("dialog")]
    AUTO_FOCUS = ""

    def __init__(self, question: str, text: Content, keymap: Keymap) -> None:
        super().__init__(question, keymap)
        self._body = text

    def compose(self) -> ComposeResult:
        """Lay out what it is about."""
        yield self.boxed(VerticalScroll(Static(self._body), can_focus=False))

    def action_answer(self, is_agreed: bool) -> None:
        """Close with the answer."""
        self.dismiss(is_agreed)
