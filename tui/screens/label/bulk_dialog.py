"""What to do with all clusters that are shown, under what that means."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from tui.frame.snapshot import Labels
from tui.keys.bindings import bindings, label_bindings
from tui.keys.keymap import Keymap
from tui.screens.dialogs.frame import Dialog

AS_PREDICTED = ""


class BulkDialog(Dialog[str]):
    """Gives back the name of a label, AS_PREDICTED, or None."""

    SCOPE = "bulk"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("bulk"), *label_bindings()]

    def __init__(self, text: str, labels: Labels, keymap: Keymap, *, is_blind: bool) -> None:
        super().__init__("All clusters that are shown", keymap)
        self._text = text
        self._labels = labels
        self._is_blind = is_blind

    def compose(self) -> ComposeResult:
        """Lay out how much it is, and the keys."""
        lines = [Content(self._text), Content("")]
        for view in self._labels.views:
            lines.append(
                Content.assemble(
                    (f" {view.key} ", "reverse bold"),
                    " all as ",
                    (f"{view.glyph} {view.name}", view.style),
                )
            )
        if not self._is_blind:
            key = self.keymap.shown("bulk.confirm")
            lines.append(Content.assemble((f" {key} ", "reverse bold"), " each as predicted"))
        yield self.boxed(Static(Content("\n").join(lines)))

    def action_label(self, key: str) -> None:
        """Choose a label by its key."""
        label = self._labels.keyed(key)
        if label is not None:
            self.dismiss(label.name)

    def action_confirm(self) -> None:
        """Choose what is predicted for each."""
        if not self._is_blind:
            self.dismiss(AS_PREDICTED)
