"""Inert text as widgets render it."""

from collections.abc import Sequence

from textual.content import Content

from tui.services.inert import inert

Spans = Sequence[tuple[int, int]]  # places in a text, as (start, end) in characters

MARK_STYLE = "bold underline $warning"


def plain(text: str, style: str = "") -> Content:
    """Text as content in one style, without markup, links or control characters."""
    return Content.styled(inert(text), style)


def marked(text: str, spans: Spans, style: str = "") -> Content:
    """Text that is inert already, with places in it marked."""
    content = Content.styled(text, style)
    for start, end in spans:
        content = content.stylize(MARK_STYLE, start, end)
    return content
