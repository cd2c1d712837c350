"""The task: what each label means, with examples."""

from textual.content import Content

from tui.frame.snapshot import Labels
from tui.keys.keymap import Keymap
from tui.screens.dialogs.page import Page
from tui.widgets.plain import plain


class Guidelines(Page):
    """Definitions as the task's file has them."""

    def __init__(self, labels: Labels, keymap: Keymap) -> None:
        super().__init__("What the labels mean", _describe(labels), keymap)


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
