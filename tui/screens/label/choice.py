"""One of a few values, on a line."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tui.keys.bindings import bindings

TITLE_WIDTH = 12


class Choice(Widget, can_focus=True):
    """A titled line; left and right change the value."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("choice")]
    index: reactive[int] = reactive(0)

    def __init__(self, title: str, options: Sequence[str], chosen: str) -> None:
        super().__init__()
        self._title = title
        self._options = tuple(options)
        self.set_reactive(Choice.index, self._options.index(chosen) if chosen in options else 0)

    @property
    def value(self) -> str:
        """The option that is chosen."""
        return self._options[self.index]

    def render(self) -> Content:
        """Draw the title, and the value between arrows."""
        return Content.assemble(
            (f"{self._title:<{TITLE_WIDTH}}", "$quiet"), ("‹ ", "$accent"), self.value,
            (" ›", "$accent"),
        )  # fmt: skip

    def action_turn(self, by: int) -> None:
        """Choose the next option, around the end."""
        self.index = (self.index + by) % len(self._options)
