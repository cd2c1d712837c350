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
HOW: Final = {"invented": "scenarios are written from its draws; that stays"}


class RolesDialog(Dialog[tuple[str, ...]]):
    """Yes or no for each role. Gives back those with a yes, or None.

    That rows are invented says how they came: it stays as it is.
    """

    SCOPE = "form"
    LINES = "choice"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("form")]

    def __init__(self, title: str, roles: Collection[str], keymap: Keymap) -> None:
        super().__init__(title, keymap)
        self._others = tuple(role for role in roles if role not in ROLES)
        self._lines = {
            role: Choice(role, (NO, YES), YES if role in roles else NO) for role in ROLES
        }

    def compose(self) -> ComposeResult:
        """Lay out one line per role, under what each is for."""
        lines = [f"{role}: {purpose}" for role, purpose in ROLES.items()]
        lines += [f"{role}: {HOW.get(role, 'stays as it is')}" for role in self._others]
        text = "\n".join(lines)
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
        chosen = (role for role, line in self._lines.items() if line.value == YES)
        self.dismiss((*chosen, *self._others))
