"""The help screen, made from the registry of keys."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.bindings import bindings
from tui.keymap import Keymap
from tui.keys import Scope
from tui.views import Labels
from tui.widgets.hint_bar import HintBar

KEY_WIDTH = 11


class HelpScreen(ModalScreen[None]):
    """All keys, those of the screen below first."""

    CSS_PATH = "help.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("help")]
    AUTO_FOCUS = ""

    def __init__(self, first: Scope, keymap: Keymap, labels: Labels) -> None:
        super().__init__()
        self._first: Scope = first
        self._keymap = keymap
        self._labels = labels
        self._page = VerticalScroll(Static(self._describe()), can_focus=False)

    def compose(self) -> ComposeResult:
        """Put the keys in a box that scrolls."""
        box = Vertical(self._page, HintBar(self._keymap, "help"))
        box.border_title = "Keys"
        yield box

    def _describe(self) -> Content:
        lines = []
        for title, rows in self._keymap.sections(self._first):
            lines.append(Content.styled(title, "bold $accent"))
            for shown, text in rows:
                lines.append(Content.assemble((f"  {shown:<{KEY_WIDTH}}", "bold"), text))
            lines.append(Content(""))
        lines += self._glyphs()
        return Content("\n").join(lines)

    def _glyphs(self) -> list[Content]:
        lines = [Content.styled("Labels", "bold $accent")]
        for view in self._labels.views:
            named = (f"  {view.glyph} {view.name}", view.style)
            lines.append(Content.assemble(named, f"  {view.definition}"))
        lines.append(Content("  · undecided   » skipped   ○ a label that this task does not have"))
        return lines

    def action_scroll(self, by: int) -> None:
        """Scroll by a line."""
        self._page.scroll_relative(y=by, animate=False)

    def action_close(self) -> None:
        """Go back to the screen below."""
        self.dismiss(None)
