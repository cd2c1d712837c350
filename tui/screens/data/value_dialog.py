"""What values of labels mean: a label of the task for each, or none."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui.keys.bindings import bindings
from tui.keys.keymap import Keymap
from tui.screens.dialogs.choice import Choice
from tui.screens.dialogs.frame import Dialog
from tui.services.inert import one_line

SHOWN: Final = 28  # characters of a value
GAP: Final = 2


class ValueDialog(Dialog[Mapping[str, str]]):
    """Gives back which value has which label, without those that have none; or None.

    `values` have their number of rows; `unchanged` is the word for a value without a label.
    """

    SCOPE = "form"
    LINES = "choice"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("form")]

    def __init__(
        self,
        title: str,
        text: str,
        values: Sequence[tuple[str, str, int]],
        labels: Sequence[str],
        chosen: Mapping[str, str],
        keymap: Keymap,
        *,
        unchanged: str,
    ) -> None:
        super().__init__(title, keymap)
        self._text = text
        self._values = [value for value, _, _ in values]
        self._options = (unchanged, *labels)
        titles = [f"{one_line(shown, SHOWN)} ({rows:,})" for _, shown, rows in values]
        width = max(map(len, titles), default=0) + GAP
        self._lines = [
            Choice(title, self._options, chosen.get(value, unchanged), title_width=width)
            for title, value in zip(titles, self._values, strict=True)
        ]

    def compose(self) -> ComposeResult:
        """Lay out one line per value."""
        text = Static(Content(self._text), id="about")
        yield self.boxed(text, VerticalScroll(*self._lines, can_focus=False))

    def on_mount(self) -> None:
        """Begin with the first value."""
        if self._lines:
            self._lines[0].focus()

    def action_move(self, by: int) -> None:
        """Go to another line."""
        if by > 0:
            self.focus_next()
        else:
            self.focus_previous()

    def action_apply(self) -> None:
        """Give the labels back."""
        found = zip(self._values, self._lines, strict=True)
        self.dismiss({value: line.value for value, line in found if line.index})
