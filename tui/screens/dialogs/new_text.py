"""The newest texts of a job one after the other in full: what was asked, and what was written."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.types import CSSPathType

from tui.keys.bindings import bindings
from tui.keys.keymap import Keymap
from tui.screens.dialogs.browse import LeafingDialog
from tui.screens.dialogs.frame import FRAME_STYLE
from tui.services.results.new_text import ShownText
from tui.widgets.plain import plain


class NewTextDialog(LeafingDialog):
    """One text after the other, as they were when this was opened, the newest first."""

    SCOPE = "text"
    CSS_PATH: ClassVar[CSSPathType | None] = [FRAME_STYLE, "new_text.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("text")]

    def __init__(self, texts: Sequence[ShownText], keymap: Keymap) -> None:
        super().__init__(f"Newest of {texts[0].stage}", len(texts), 0, keymap, show=self.show_text)
        self._texts = tuple(texts)

    async def show_text(self) -> None:
        """Show the text below what it was written from."""
        text = self._texts[self.index]
        parts = [plain(text.remark, "$quiet")]
        for name, some in text.texts:
            parts += [Content.styled(name.upper(), "bold $accent"), plain(some or "–")]
        self.text.set_title(self.place())
        self.text.show(Content("\n").join(parts))
