"""The names of a screen's views on one line, the one that is shown marked; a click chooses."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, cast

from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

BEFORE, BEYOND = "‹", "›"  # there are views that do not fit
MARKED: Final = "reverse bold"

Views = Sequence[tuple[str, str]]  # (name, title) in the order of the keys


@dataclass
class ViewChosen(Message):
    """A view whose name was clicked."""

    view: str


class ViewTabs(Widget):
    """The parent sets `views` and `current`, and shows what a ViewChosen asks for.

    A current view that is not among them is not marked.
    """

    DEFAULT_CSS = "ViewTabs { height: 1; padding: 0 1; text-wrap: nowrap; }"

    views: reactive[Views] = reactive[Views](())
    current: reactive[str] = reactive("")

    def __init__(self, views: Views, current: str) -> None:
        super().__init__()
        self.set_reactive(ViewTabs.views, cast(Views, tuple(views)))
        self.set_reactive(ViewTabs.current, current)
        self._ends: list[tuple[int, str]] = []  # where each that is drawn ends, with its name

    def beside(self, by: int) -> str:
        """The view so many places on, around the ends; beside none is the first."""
        names = [name for name, _ in self.views]
        if self.current not in names:
            return names[0]
        return names[(names.index(self.current) + by) % len(names)]

    def render(self) -> Content:
        """Draw all names, or those around the current one if there is little room."""
        first, last = self._visible(self.size.width)
        parts: list[tuple[str, str]] = [(BEFORE, "$quiet")] if first else []
        self._ends = [(len(parts), "")]
        for name, title in self.views[first:last]:
            is_current = name == self.current
            parts.append((f" {title} ", MARKED if is_current else "$quiet"))
            self._ends.append((self._ends[-1][0] + len(title) + 2, name))
        if last < len(self.views):
            parts.append((BEYOND, "$quiet"))
        return Content.assemble(*parts)

    def _visible(self, width: int) -> tuple[int, int]:
        """Places of the first view that is drawn and of the one after the last."""
        wide = [len(title) + 2 for _, title in self.views]
        if sum(wide) <= width:
            return 0, len(wide)
        room = width - len(BEFORE) - len(BEYOND)
        place = next((n for n, (name, _) in enumerate(self.views) if name == self.current), 0)
        first = last = place
        while last < len(wide) and sum(wide[first : last + 1]) <= room:
            last += 1
        while first > 0 and sum(wide[first - 1 : last]) <= room:
            first -= 1
        return first, max(last, place + 1)

    def on_click(self, event: Click) -> None:
        """Ask for the view whose name was clicked."""
        place = event.get_content_offset(self)
        column = place.x if place else -1
        name = next((name for end, name in self._ends if column < end), "")
        if name:
            self.post_message(ViewChosen(name))
