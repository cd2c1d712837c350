"""Inert text as widgets render it."""

from textual.content import Content

from tui.inert import inert


def plain(text: str, style: str = "") -> Content:
    """Return text as content in one style, without markup, links or control characters."""
    return Content.styled(inert(text), style)
