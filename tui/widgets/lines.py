"""A widget of single lines, of which only those are drawn that have changed.

Drawing is what a key costs most: Textual's own way draws a widget whole.
"""

from collections.abc import Sequence

from textual.content import Content
from textual.geometry import Region
from textual.strip import Strip
from textual.visual import Visual
from textual.widget import Widget

EMPTY = Content("")


class Lines(Widget):
    """Lines from the top; the rest of the widget stays blank."""

    auto_links = False  # texts have no links that act

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(id=id)
        self._drawn: list[Content] = []

    def draw(self, lines: Sequence[Content]) -> None:
        """Show these lines; each fits the width."""
        before, self._drawn = self._drawn, list(lines)
        changed = [
            Region(0, y, self.size.width, 1)
            for y in range(self.size.height)
            if not _line(before, y).is_same(_line(self._drawn, y))
        ]
        if changed:
            self.refresh(*changed)

    def set_title(self, title: Content) -> None:
        """Put a title into the upper border; the same as before costs nothing."""
        if self.border_title != title.markup:
            self.border_title = title

    def set_subtitle(self, title: str) -> None:
        """Put a text into the lower border; the same as before costs nothing."""
        if (self.border_subtitle or "") != Content(title).markup:
            self.border_subtitle = Content(title)

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        line, style, width = _line(self._drawn, y), self.visual_style, self.size.width
        if not (line and width):
            return Strip.blank(width, style.rich_style)
        strips = Visual.to_strips(self, line, width, 1, style)
        return strips[0].extend_cell_length(width, style.rich_style)


def _line(lines: Sequence[Content], y: int) -> Content:
    return lines[y] if y < len(lines) else EMPTY
