"""What dialogs have in common that show one text of a list after the other."""

from typing import ClassVar

from textual.content import Content
from textual.reactive import reactive

from tui.keys.keymap import Keymap
from tui.screens.dialogs.frame import Dialog
from tui.widgets.pane import Pane


class LeafingDialog(Dialog[int]):
    """One of `count` texts in full. Gives back the place of the one that was seen last."""

    AUTO_FOCUS: ClassVar[str] = ""

    index: reactive[int] = reactive(0, init=False)

    def __init__(self, title: str, count: int, index: int, keymap: Keymap) -> None:
        super().__init__(title, keymap)
        self._count = count
        self.set_reactive(LeafingDialog.index, index)
        self.text = Pane()

    async def on_mount(self) -> None:
        """Show the first."""
        await self.show_text()

    async def watch_index(self) -> None:
        """Show another."""
        await self.show_text()

    async def show_text(self) -> None:
        """Fill `text` with what lies at `index`."""
        raise NotImplementedError

    def place(self) -> Content:
        """Return in words which of the texts is shown."""
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
