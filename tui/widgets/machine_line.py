"""A line on what the machine does, read again every other second while its screen is shown."""

from collections.abc import Callable
from typing import Final

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tui.frame.asking import Asking
from tui.frame.calls import Calls
from tui.frame.messages import MachineRead
from tui.services import machine

EVERY_S: Final = 2.0
SEPARATOR: Final = "   "


class MachineLine(Widget):
    """As many of the machine's devices as fit, GPUs first."""

    words: reactive[tuple[str, ...]] = reactive(())

    def __init__(self, calls: Calls) -> None:
        super().__init__()
        self._asking = Asking(self, calls)
        self._reader = machine.MachineReader()

    def on_mount(self) -> None:
        """Read now and then."""
        self._look()
        self.set_interval(EVERY_S, self._look)

    def on_show(self) -> None:
        """Read once the line can be seen again."""
        self._look()

    def _look(self) -> None:
        if self.screen.is_current and self.display:
            self._asking.read("machine", _reading(self._reader))

    def on_machine_read(self, message: MachineRead) -> None:
        """Show what was read."""
        message.stop()
        self.words = message.words

    def render(self) -> Content:
        """Draw what fits, and at least the first."""
        first, *others = self.words or ("",)
        line = first
        for words in others:
            if len(line) + len(SEPARATOR) + len(words) <= self.size.width:
                line += SEPARATOR + words
        return Content.styled(line, "$quiet").truncate(max(self.size.width, 1), ellipsis=True)


def _reading(reader: machine.MachineReader) -> Callable[[], MachineRead]:
    return lambda: MachineRead(tuple(machine.describe_machine(reader.read())))
