"""Dialogs that show one text of a list after the other."""

from collections.abc import Awaitable, Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.content import Content
from textual.reactive import reactive

from tui.keys.keymap import Keymap
from tui.screens.dialogs.frame import Dialog
from tui.widgets.pane import Pane


class LeafingDialog(Dialog[int]):
    """One of `count` texts in full. Gives back the place of the one that was seen last.

    `show` fills `text` with what lies at `index`.
    """

    AUTO_FOCUS: ClassVar[str] = ""

    index: reactive[int] = reactive(0, init=False)

    def __init__(
        self,
        title: str,
        count: int,
        index: int,
        keymap: Keymap,
        *,
        show: Callable[[], Awaitable[None]],
    ) -> None:
        super().__init__(title, keymap)
        self._show_text = show
        self._count = count
        self.set_reactive(LeafingDialog.index, index)
        self.text = Pane()

    def compose(self) -> ComposeResult:
        """Lay out the text."""
        yield self.boxed(self.text)

    async def on_mount(self) -> None:
        """Show the first."""
        await self._show_text()

    async def watch_index(self) -> None:
        """Show another."""
        await self._show_text()

    def place(self) -> Content:
        """Which of the texts is shown, in words."""
        return Content(f"{self.index + 1} of {self._count}")

    def action_move(self, by: int) -> None:
        """Go to another text; at either end there is no further one."""
        self.index = max(0, min(self.index + by, self._count - 1))

    def action_scroll(self, pages: int) -> None:
        """Scroll by a page."""
        self.text.scroll_pages(pages)

    def action_close(self) -> None:
        """Go back."""
        self.dismiss(self.index)
