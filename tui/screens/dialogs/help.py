"""The help screen, made from the registry of keys."""

from textual.content import Content

from tui.frame.snapshot import Labels
from tui.keys.key import Scope
from tui.keys.keymap import Keymap
from tui.screens.dialogs.page import Page

KEY_WIDTH = 11


class HelpScreen(Page):
    """All keys, those of the screen below first, and the signs of the labels."""

    def __init__(self, first: Scope, keymap: Keymap, labels: Labels) -> None:
        lines = [*_describe_keys(first, keymap), *_describe_labels(labels)]
        super().__init__("Keys", Content("\n").join(lines), keymap)


def _describe_keys(first: Scope, keymap: Keymap) -> list[Content]:
    lines = []
    for title, rows in keymap.sections(first):
        lines.append(Content.styled(title, "bold $accent"))
        for shown, text in rows:
            lines.append(Content.assemble((f"  {shown:<{KEY_WIDTH}}", "bold"), text))
        lines.append(Content(""))
    return lines


def _describe_labels(labels: Labels) -> list[Content]:
    lines = [Content.styled("Labels", "bold $accent")]
    for view in labels.views:
        named = (f"  {view.glyph} {view.name}", view.style)
        lines.append(Content.assemble(named, f"  {view.definition}"))
    lines.append(Content("  · undecided   » skipped   ○ a label that this task does not have"))
    return lines
