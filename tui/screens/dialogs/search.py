"""What to search for: typed, or one of what was searched for before."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Input, Static

from tui.keys.bindings import bindings
from tui.keys.keymap import Keymap
from tui.screens.dialogs.frame import Dialog
from tui.screens.dialogs.live_count import LiveCount


class SearchDialog(Dialog[str]):
    """Gives back what was typed, or None. `history` has the newest last.

    `text` says where it is searched for, `count` how much is found.
    """

    SCOPE = "search"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("search")]

    def __init__(
        self,
        text: str,
        history: Sequence[str],
        keymap: Keymap,
        *,
        count: Callable[[str], Awaitable[str]],
    ) -> None:
        super().__init__("Search", keymap)
        self._text = text
        self._texts = [*history, ""]  # what is typed comes last
        self._place = len(history)
        self._count = count
        self._field = Input(select_on_focus=False)
        self._found = LiveCount()

    def compose(self) -> ComposeResult:
        """Lay out the field, and how much is found."""
        yield self.boxed(Static(Content(self._text)), self._field, self._found)

    def on_mount(self) -> None:
        """Take what is typed from the first key on."""
        self._field.focus()

    def on_input_changed(self, message: Input.Changed) -> None:
        """Count what is found by now."""
        self._found.find_out(partial(self._count, message.value))

    def action_turn(self, by: int) -> None:
        """Take an older (-1) or a newer text (1); what was typed is kept behind the newest."""
        if self._place == len(self._texts) - 1:
            self._texts[-1] = self._field.value
        self._place = max(0, min(self._place + by, len(self._texts) - 1))
        self._field.value = self._texts[self._place]
        self._field.cursor_position = len(self._field.value)

    def on_input_submitted(self) -> None:
        """Take what was typed."""
        self.action_submit()

    def action_submit(self) -> None:
        """Take what was typed."""
        self.dismiss(self._field.value)
