"""A line to be typed: a note, a search, a number."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Input, Static

from tui.keys.bindings import bindings
from tui.keys.keymap import Keymap
from tui.screens.dialogs.frame import Dialog


class Prompt(Dialog[str]):
    """Gives back what was typed, or None."""

    SCOPE = "prompt"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("prompt")]

    def __init__(self, title: str, text: Content, keymap: Keymap, *, begin_with: str = "") -> None:
        super().__init__(title, keymap)
        self._text = text
        self._field = Input(begin_with, select_on_focus=False)

    def compose(self) -> ComposeResult:
        """Lay out what it is about, and the field."""
        yield self.boxed(Static(self._text), self._field)

    def on_mount(self) -> None:
        """Take what is typed from the first key on."""
        self._field.focus()

    def on_input_submitted(self) -> None:
        """Take what was typed."""
        self.action_submit()

    def action_submit(self) -> None:
        """Take what was typed."""
        self.dismiss(self._field.value)
