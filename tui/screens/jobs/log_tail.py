"""The end of a job's log."""

from typing import Final

from textual.content import Content

from tui.widgets.pane import Pane
from tui.widgets.plain import plain

END: Final = 10**9  # a line past every log's last


class LogTail(Pane):
    """Text of which the end is shown, whatever the room."""

    def __init__(self) -> None:
        super().__init__()
        self.border_title = "Log"

    def show_end(self, text: str) -> None:
        """Show the end of a text."""
        shown = "\n".join(map(_last_state, text.rstrip().split("\n")))
        content = plain(shown) if shown else Content.styled("It is empty.", "$quiet")
        self.show(content, top_line=END)

    def on_resize(self) -> None:
        """Wrap to the new width, and show the end again."""
        super().on_resize()
        self.scroll_to_line(END)


def _last_state(line: str) -> str:
    """What a terminal would have left of a line that was written over itself: a bar of progress."""
    return line.rstrip("\r").rpartition("\r")[2]
