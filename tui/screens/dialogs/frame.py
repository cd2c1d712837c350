"""The frame of every dialog: a titled box over the screen, its keys at the lower edge.

The keys of the screen below do not act while a dialog is open.
"""

from pathlib import Path
from typing import ClassVar, Final, TypeVar

from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.types import CSSPathType
from textual.widget import Widget

from tui.keys.key import Scope
from tui.keys.keymap import Keymap
from tui.widgets.hint_bar import HintBar

T = TypeVar("T")

# Absolute: Textual would search for it beside the class that inherits it.
FRAME_STYLE: Final = Path(__file__).with_suffix(".tcss")


class Dialog(ModalScreen[T]):
    """A box with a title: each dialog yields from `compose` what it has `boxed`."""

    CSS_PATH: ClassVar[CSSPathType | None] = FRAME_STYLE
    SCOPE: ClassVar[Scope]
    LINES: ClassVar[Scope | None] = None  # whose keys act on its lines, where it has such

    def __init__(self, title: str, keymap: Keymap) -> None:
        super().__init__()
        self.keymap = keymap
        self._title = title

    def boxed(self, *content: Widget) -> Vertical:
        """Widgets between the title and the keys."""
        box = Vertical(*content, HintBar(self.keymap, self.SCOPE, self.LINES))
        box.border_title = Content(self._title)
        return box

    def action_cancel(self) -> None:
        """Close without a result."""
        self.dismiss(None)
