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
MARKER, BLANK = "▸ ", "  "  # colour alone says nothing


class Choice(Widget, can_focus=True):
    """A titled line; left and right change the value.

    All values are seen if they fit, else which of how many is chosen.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("choice")]
    index: reactive[int] = reactive(0, init=False)

    class Changed(Message):
        """Another value was chosen."""

    def __init__(
        self, title: str, options: Sequence[str], chosen: str, *, title_width: int = TITLE_WIDTH
    ) -> None:
        super().__init__()
        self._title = f"{title:<{title_width}}"
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
        marker = MARKER if self.has_focus else BLANK
        title = Content.assemble((marker, "bold"), (self._title, "$quiet"))
        shown = [self._draw(number) for number in range(len(self._options))]
        whole = title + Content("").join(shown)
        if whole.cell_length <= self.size.width:
            return whole
        place = f"  {self.index + 1} of {len(self._options)}"
        return title + shown[self.index] + Content.styled(place, "$quiet")

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
