"""Previews of a cluster's other members, to judge whether one label fits them all."""

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from tui.inert import one_line
from tui.views import Detail

PREVIEW_CHARACTERS = 200


class Members(VerticalScroll):
    """The members of `detail`, in its order; empty while none has been read."""

    detail: reactive[Detail | None] = reactive(None)

    def __init__(self) -> None:
        super().__init__(can_focus=False)
        self.border_subtitle = "n other order · r other draw"
        self._lines = Static()

    def compose(self) -> ComposeResult:
        """One block of text that scrolls."""
        yield self._lines

    def watch_detail(self, detail: Detail | None) -> None:
        """Draw the previews, each with its rank from the centre and its probability."""
        self.scroll_home(animate=False)
        if detail is None:
            self.border_title = "Members"
            self._lines.update(Content(""))
            return
        order = f"random, draw {detail.draw + 1}" if detail.order == "random" else detail.order
        self.border_title = f"Members: {order}"
        if not detail.members:
            self._lines.update(Content.styled("The representative is the only member.", "$quiet"))
            return
        blocks = [
            Content.assemble(
                (f"{member.rank + 1:>3} ", "bold"),
                ("" if member.confidence is None else f"{member.confidence:.2f} ", "$quiet"),
                one_line(member.text, PREVIEW_CHARACTERS),
            )
            for member in detail.members
        ]
        self._lines.update(Content("\n\n").join(blocks))
