"""Which roles a dataset has."""

from collections.abc import Collection
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from tui.keys.bindings import bindings
from tui.keys.keymap import Keymap
from tui.screens.dialogs.choice import Choice
from tui.screens.dialogs.frame import Dialog

NO, YES = "no", "yes"
ROLES: Final = {
    "seed": "questions are written from its texts",
    "train": "detectors are trained on its labelled texts",
    "benchmark": "detectors are evaluated on it; it has no other role",
    "production": "texts of a real product",
}


class RolesDialog(Dialog[tuple[str, ...]]):
    """Yes or no for each role. Gives back those with a yes, or None."""

    SCOPE = "form"
    LINES = "choice"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("form")]

    def __init__(self, title: str, roles: Collection[str], keymap: Keymap) -> None:
        super().__init__(title, keymap)
        self._lines = {
            role: Choice(role, (NO, YES), YES if role in roles else NO) for role in ROLES
        }

    def compose(self) -> ComposeResult:
        """Lay out one line per role, under what each is for."""
        text = "\n".join(f"{role}: {purpose}" for role, purpose in ROLES.items())
        yield self.boxed(Static(Content(text), id="about"), *self._lines.values())

    def on_mount(self) -> None:
        """Begin with the first role."""
        next(iter(self._lines.values())).focus()

    def action_move(self, by: int) -> None:
        """Go to another line."""
        if by > 0:
            self.focus_next()
        else:
            self.focus_previous()

    def action_apply(self) -> None:
        """Give the roles back."""
        self.dismiss(tuple(role for role, line in self._lines.items() if line.value == YES))
