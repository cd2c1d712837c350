"""Text that scrolls within a border and is drawn without moving any other widget.

A layout of the screen takes longer than a key may; this one wraps its text itself and
draws the lines that fit.
"""

from typing import Final

from textual.content import Content
from textual.events import MouseScrollDown, MouseScrollUp

from tui.widgets.lines import Lines

WHEEL_LINES: Final = 3


class Pane(Lines):
    """Lines from `top_line` on; the lower border says which they are, if not all are seen."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(id=id)
        self._text = Content("")
        self._lines: list[Content] = []
        self._width = 0
        self.top_line = 0

    def show(self, text: Content, *, top_line: int = 0) -> None:
        """Show another text, from a line on."""
        self._text = text
        self._wrap()
        self.scroll_to_line(top_line)

    def on_resize(self) -> None:
        """Wrap to the new width, and stay within the text."""
        if self.size.width != self._width:
            self._wrap()
        self.scroll_to_line(self.top_line)

    def _wrap(self) -> None:
        self._width = self.size.width
        self._lines = self.wrap(self._text, self._width) if self._width else []

    def wrap(self, text: Content, width: int) -> list[Content]:
        """Break a text into lines of at most `width` cells."""
        return text.wrap(width)

    def scroll_to_line(self, line: int) -> None:
        """Begin with a line, as far down as the text allows."""
        count = len(self._lines)
        self.top_line = max(min(line, count - self.size.height), 0)
        end = min(self.top_line + self.size.height, count)
        more = " ▼" if end < count else ""
        place = f"lines {self.top_line + 1:,}–{end:,} of {count:,}{more}"
        self.set_subtitle(place if end - self.top_line < count else "")
        self.draw(self._lines[self.top_line : end])

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """Scroll as the wheel turns."""
        event.stop()
        self.scroll_lines(WHEEL_LINES)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """Scroll as the wheel turns."""
        event.stop()
        self.scroll_lines(-WHEEL_LINES)

    def scroll_lines(self, by: int) -> None:
        """Scroll down by lines, up by negative ones."""
        self.scroll_to_line(self.top_line + by)

    def scroll_pages(self, by: int) -> None:
        """Scroll by what is seen, less a line that stays in sight."""
        self.scroll_lines(by * max(self.size.height - 1, 1))
