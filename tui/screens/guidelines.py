"""The task: what each label means, with examples."""

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from tui.bindings import bindings
from tui.keymap import Keymap
from tui.screens.dialog import Dialog
from tui.views import Labels
from tui.widgets.plain import plain


class Guidelines(Dialog[None]):
    """Definitions as the task's file has them."""

    SCOPE = "help"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("help")]
    AUTO_FOCUS = ""

    def __init__(self, labels: Labels, keymap: Keymap) -> None:
        super().__init__("What the labels mean", keymap)
        self._page = VerticalScroll(Static(_describe(labels)), can_focus=False)

    def compose_box(self) -> Iterable[Widget]:
        """Return a page that scrolls."""
        return (self._page,)

    def action_scroll(self, by: int) -> None:
        """Scroll by a line."""
        self._page.scroll_relative(y=by, animate=False)

    def action_close(self) -> None:
        """Go back to the screen below."""
        self.dismiss(None)


def _describe(labels: Labels) -> Content:
    lines = []
    for view in labels.views:
        head = Content.assemble(
            (f" {view.key} ", "reverse bold"), " ", (f"{view.glyph} {view.name}", view.style)
        )
        lines += [head, plain(view.definition)]
        lines += [plain(f"  “{example}”", "$quiet") for example in view.examples]
        lines.append(Content(""))
    return Content("\n").join(lines)
