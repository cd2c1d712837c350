"""The end of a job's log."""

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from tui.widgets.plain import plain


class LogTail(VerticalScroll):
    """Text that is kept scrolled to its end."""

    text: reactive[str] = reactive("")

    def __init__(self) -> None:
        super().__init__(can_focus=False)
        self.border_title = "Log"
        self._lines = Static()

    def compose(self) -> ComposeResult:
        """One block of text."""
        yield self._lines

    def watch_text(self, text: str) -> None:
        """Show the text's end."""
        shown = text.rstrip()
        self._lines.update(plain(shown) if shown else Content.styled("It is empty.", "$quiet"))
        self.call_after_refresh(self.scroll_end, animate=False)
