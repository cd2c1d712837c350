"""A widget of single lines, of which only those are drawn that have changed.

Drawing is what a key costs most: Textual's own way draws all of a widget.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Self

from rich.segment import Segment
from textual.content import Content
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

EMPTY = Content("")


class Lines(Widget):
    """Lines from the top; the rest of the widget stays blank."""

    auto_links = False  # texts have no links that act
    _only: Region | None = None  # the one to draw, whatever Textual asks for

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
            with self._drawing_only(-1):
                self.border_title = title

    def set_subtitle(self, title: str) -> None:
        """Put a text into the lower border; the same as before costs nothing."""
        if (self.border_subtitle or "") != Content(title).markup:
            with self._drawing_only(self.size.height):
                self.border_subtitle = Content(title)

    @contextmanager
    def _drawing_only(self, y: int) -> Iterator[None]:
        """Draw one line, of which Textual would draw all: at -1 lies the upper border."""
        self._only = Region(-self.content_offset.x, y, self.outer_size.width, 1)
        try:
            yield
        finally:
            self._only = None

    def refresh(
        self,
        *regions: Region,
        repaint: bool = True,
        layout: bool = False,
        recompose: bool = False,
    ) -> Self:
        """Draw these regions soon; without any, all that is to be drawn now."""
        if self._only is not None:
            regions = (self._only,)
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def render_line(self, y: int) -> Strip:
        """Draw one line; it cannot be selected by the mouse, which takes five times as long."""
        style, width = self.visual_style, self.size.width
        rendered = _line(self._drawn, y).render(style, end="")
        strip = Strip([Segment(text, part.rich_style) for text, part in rendered])
        return strip.crop(0, width).extend_cell_length(width, style.rich_style)


def _line(lines: Sequence[Content], y: int) -> Content:
    return lines[y] if y < len(lines) else EMPTY
