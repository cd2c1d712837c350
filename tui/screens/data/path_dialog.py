"""The path of a file: typed, and completed as in a shell."""

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Input, Static

from store.counting import counted
from tui.frame.asking import Asking
from tui.frame.calls import Calls
from tui.keys.bindings import bindings
from tui.keys.keymap import Keymap
from tui.screens.data.messages import PathCompleted
from tui.screens.dialogs.frame import Dialog
from tui.services.inert import one_line

NAMES_SHOWN = 8


class PathDialog(Dialog[str]):
    """Gives back a path, or None. `complete` finds how a path that was begun may go on."""

    SCOPE = "path"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("path")]

    def __init__(
        self,
        begin_with: str,
        calls: Calls,
        keymap: Keymap,
        *,
        complete: Callable[[str], PathCompleted],
    ) -> None:
        super().__init__("Import a file", keymap)
        self._complete = complete
        self._asking = Asking(self, calls)
        self._is_wanted = False  # whether the next completion goes into the field
        self._field = Input(begin_with, select_on_focus=False)
        self._names = Static(markup=False)

    def compose(self) -> ComposeResult:
        """Lay out the field over the names that go on from there."""
        key = self.keymap.shown("path.complete")
        text = f"CSV, TSV, JSON, Parquet, Arrow, text, a `datasets` folder. {key} completes."
        yield self.boxed(Static(text, markup=False), self._field, self._names)

    def on_mount(self) -> None:
        """Take what is typed from the first key on; show where a path begins."""
        self._field.focus()
        self._ask()

    def on_input_changed(self) -> None:
        """Show the names that go on from here."""
        self._ask()

    def action_complete(self) -> None:
        """Go on as far as there is one way only."""
        self._is_wanted = True
        self._ask()

    def _ask(self) -> None:
        typed = self._field.value
        self._asking.read("path", lambda: self._complete(typed))

    def on_path_completed(self, message: PathCompleted) -> None:
        """Show the names; take the completion if it was asked for."""
        found = message.completion
        if found.typed != self._field.value:
            return
        if self._is_wanted:
            self._is_wanted = False
            if found.completed != found.typed:
                self._field.value = found.completed
                self._field.cursor_position = len(found.completed)
                return
        names = [one_line(name, 60) for name in found.names[:NAMES_SHOWN]]
        if more := len(found.names) - NAMES_SHOWN:
            names += [f"… and {counted(more, 'more name')}"] if more > 0 else []
        self._names.update(Content("\n".join(names) or "No file begins so."))

    def on_input_submitted(self) -> None:
        """Take what was typed."""
        self.action_submit()

    def action_submit(self) -> None:
        """Take what was typed, if anything."""
        if self._field.value.strip():
            self.dismiss(self._field.value)
