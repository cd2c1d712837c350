"""Previews of a cluster's other members, to see whether one label fits them all."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content
from textual.reactive import var

from tui.frame.snapshot import Labels
from tui.screens.label.views import PREVIEW_CHARACTERS, Detail
from tui.services.inert import one_line
from tui.widgets.pane import Pane
from tui.widgets.plain import marked

if TYPE_CHECKING:
    from store.clusters import Member

LINES = 3  # of a preview: a heading and two lines of text


@dataclass(frozen=True, slots=True)
class MembersView:
    """The members of a detail with the label that each was given by itself, in its order.

    `chosen` is None while the pane is not the active one.
    """

    detail: Detail
    labels: tuple[str | None, ...]
    chosen: int | None
    is_blind: bool


class Members(Pane):
    """The members of a cluster, or nothing while none have been read."""

    view: var[MembersView | None] = var[MembersView | None](None, init=False)

    def __init__(self, labels: Labels) -> None:
        super().__init__()
        self._labels = labels
        self._blocks: list[tuple[Content, Content]] = []  # a heading and a preview each

    def on_mount(self) -> None:
        """Have a title before any members are read."""
        self.set_title(Content("Members"))

    def watch_view(self, view: MembersView | None) -> None:
        """Show other members, or the chosen one."""
        self._blocks = []
        if view is None:
            self.set_title(Content("Members"))
            self.show(Content(""))
            return
        detail = view.detail
        key = detail.key
        order = f"random, draw {key.draw + 1}" if key.order == "random" else key.order
        self.set_title(Content(f"Members: {order}"))
        if not detail.members:
            self.show(Content.styled("The representative is the only member.", "$quiet"))
            return
        for member, label in zip(detail.members, view.labels, strict=True):
            text = one_line(member.text, PREVIEW_CHARACTERS)
            preview = marked(text, detail.marks.get(text, ()))
            self._blocks.append((self._heading(member, label, view.is_blind), preview))
        self.show(Content(" "), top_line=self.top_line if view.chosen else 0)
        if view.chosen is not None:
            self._bring_into_view(view.chosen)

    def _heading(self, member: "Member", label: str | None, is_blind: bool) -> Content:
        sure = "" if is_blind or member.confidence is None else f" p {member.confidence:.2f}"
        text = f"{member.rank + 1:>4,}  d {member.distance:.2f}{sure}"
        heading = Content.styled(text, "bold")
        if label is None:
            return heading
        own = self._labels.named(label)
        return heading + Content.assemble("  ", (f"{own.glyph} {one_line(own.name)}", own.style))

    def wrap(self, text: Content, width: int) -> list[Content]:
        """Give each member the same number of lines."""
        if not self._blocks:
            return super().wrap(text, width)
        chosen = self.view.chosen if self.view else None
        lines = []
        for number, (heading, preview) in enumerate(self._blocks):
            wrapped = [line.rstrip() for line in preview.wrap(width - 2)[: LINES - 1]]
            wrapped += [Content("")] * (LINES - 1 - len(wrapped))
            is_chosen = number == chosen
            edge = Content.styled("▌ ", "$accent") if is_chosen else Content("  ")
            lines += [edge + line for line in (heading, *wrapped)]
        return lines

    def _bring_into_view(self, chosen: int) -> None:
        first = chosen * LINES
        if first < self.top_line:
            self.scroll_to_line(first)
        elif first + LINES > self.top_line + self.size.height:
            self.scroll_to_line(first + LINES - self.size.height)
