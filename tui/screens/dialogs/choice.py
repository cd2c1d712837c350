"""One of a few values, on a line."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tui.keys.bindings import bindings
from tui.services.inert import one_line

TITLE_WIDTH = 14


class Choice(Widget, can_focus=True):
    """A titled line; left and right change the value. All values are seen if they fit."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("choice")]
    index: reactive[int] = reactive(0, init=False)

    class Changed(Message):
        """Another value was chosen."""

    def __init__(self, title: str, options: Sequence[str], chosen: str) -> None:
        super().__init__()
        self._title = title
        self._options = tuple(options)
        self.set_reactive(Choice.index, self._options.index(chosen) if chosen in options else 0)

    def offer(self, options: Sequence[str], index: int) -> None:
        """Have other options, of which one is chosen."""
        self._options = tuple(options)
        self.index = index
        self.refresh()

    @property
    def value(self) -> str:
        """The option that is chosen."""
        return self._options[self.index]

    def watch_index(self) -> None:
        """Tell of another value."""
        self.post_message(self.Changed())

    def render(self) -> Content:
        """Draw the title, and the value between arrows."""
        title = Content.styled(f"{self._title:<{TITLE_WIDTH}}", "$quiet")
        shown = [self._draw(number) for number in range(len(self._options))]
        whole = title + Content("").join(shown)
        return whole if whole.cell_length <= self.size.width else title + shown[self.index]

    def _draw(self, number: int) -> Content:
        name = one_line(self._options[number])
        if number != self.index:
            return Content.styled(f" {name} ", "$quiet")
        return Content.assemble(("‹", "$accent"), (name, "bold"), ("›", "$accent"))

    def action_turn(self, by: int) -> None:
        """Choose the next option, around the end."""
        self.index = (self.index + by) % len(self._options)

    def reset(self) -> None:
        """Choose the first option."""
        self.index = 0
