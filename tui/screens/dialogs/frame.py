"""The frame of every dialog: a titled box over the screen, its keys at the lower edge.

The keys of the screen below do not act while a dialog is open.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar, Final, TypeVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.types import CSSPathType
from textual.widget import Widget

from tui.keys.keymap import Keymap
from tui.keys.registry import Scope
from tui.widgets.hint_bar import HintBar

T = TypeVar("T")

# Whole, since Textual looks for the style of a class beside the class that inherits it.
FRAME_STYLE: Final = Path(__file__).with_suffix(".tcss")


class Dialog(ModalScreen[T]):
    """A box with a title; what is in it comes from `compose_box`."""

    CSS_PATH: ClassVar[CSSPathType | None] = FRAME_STYLE
    SCOPE: ClassVar[Scope]

    def __init__(self, title: str, keymap: Keymap) -> None:
        super().__init__()
        self.keymap = keymap
        self._title = title

    def compose(self) -> ComposeResult:
        """Put the box together."""
        box = Vertical(*self.compose_box(), HintBar(self.keymap, self.SCOPE))
        box.border_title = Content(self._title)
        yield box

    def compose_box(self) -> Iterable[Widget]:
        """Return what lies between the title and the keys."""
        raise NotImplementedError

    def action_cancel(self) -> None:
        """Close without a result."""
        self.dismiss(None)
