"""A question that must be answered before something starts or stops."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.bindings import bindings
from tui.keymap import Keymap
from tui.widgets.hint_bar import HintBar


class Confirm(ModalScreen[bool]):
    """A dialog that is dismissed with whether the person agreed."""

    CSS_PATH = "confirm.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("dialog")]
    AUTO_FOCUS = ""

    def __init__(self, question: str, text: Content, keymap: Keymap) -> None:
        super().__init__()
        self._keymap = keymap
        self._question = question
        self._body = text

    def compose(self) -> ComposeResult:
        """Put the question in the border, the text inside, the keys below."""
        hints = HintBar(self._keymap, "dialog")
        box = Vertical(VerticalScroll(Static(self._body), can_focus=False), hints)
        box.border_title = self._question
        yield box

    def action_answer(self, is_agreed: bool) -> None:
        """Close with the answer."""
        self.dismiss(is_agreed)
