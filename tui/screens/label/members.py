"""Previews of a cluster's other members, to see whether one label fits them all."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content
from textual.events import Click
from textual.reactive import var

from tui.frame.snapshot import Labels
from tui.screens.label.messages import PlaceClicked
from tui.screens.label.views import PREVIEW_CHARACTERS, Detail
from tui.services.inert import one_line
from tui.widgets.pane import Pane
from tui.widgets.plain import marked

if TYPE_CHECKING:
    from store.clusters import Member
    from store.learned_labels import LearnedLabel

LINES = 3  # of a preview: a heading and two lines of text
EDGE = 2  # cells at the left, where the chosen one is marked


@dataclass(frozen=True, slots=True)
class MembersView:
    """The members of a detail with the label that each was given by itself, in its order.

    A learned label is shown where it is not `label`, which the cluster was given. `chosen` is None
    while the pane is not the active one.
    """

    detail: Detail
    labels: tuple[str | None, ...]
    label: str | None
    chosen: int | None
    is_blind: bool


class Members(Pane):
    """The members of a cluster, or nothing while none have been read.

    Where `is_brief`, each has one line.
    """

    view: var[MembersView | None] = var[MembersView | None](None, init=False)
    is_brief: var[bool] = var(False, init=False)

    def __init__(self, labels: Labels) -> None:
        super().__init__()
        self._labels = labels
        self._blocks: list[tuple[Content, Content]] = []  # a heading and a preview each

    def on_mount(self) -> None:
        """Have a title before any members are read."""
        self.set_title(Content("Members"))

    def watch_is_brief(self) -> None:
        """Give the members another number of lines."""
        self.watch_view(self.view)

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
            learned = None if view.is_blind else detail.learned.get(member.answer_id)
            if label is not None or (learned is not None and learned.label == view.label):
                learned = None
            self._blocks.append((self._heading(member, label, learned, view.is_blind), preview))
        self.show(Content(" "), top_line=self.top_line if view.chosen else 0)
        if view.chosen is not None:
            self._bring_into_view(view.chosen)

    def on_click(self, event: Click) -> None:
        """Tell which member was clicked."""
        at = event.get_content_offset(self)
        place = (self.top_line + at.y) // self._lines_each if at else -1
        if 0 <= place < len(self._blocks):
            self.post_message(PlaceClicked("members", place))

    def _heading(
        self,
        member: "Member",
        label: str | None,
        learned: "LearnedLabel | None",
        is_blind: bool,
    ) -> Content:
        rank = f"{member.rank + 1:>4,}"
        heading = Content.assemble((rank, "bold"), self._sign(label, learned))
        likely = f"learned {learned.probability:.2f}  " if learned is not None else ""
        if self.is_brief:
            return heading + Content.styled(likely[8:], "bold")
        sure = "" if is_blind or member.confidence is None else f"  sure {member.confidence:.2f}"
        return heading + Content.styled(f"{likely}distance {member.distance:.2f}{sure}", "bold")

    def _sign(self, label: str | None, learned: "LearnedLabel | None") -> tuple[str, str]:
        """The glyph of a member's own label, or after a ~ of the one that was learned for it."""
        name = label or (learned.label if learned else None)
        if name is None:
            return "   ", ""
        view = self._labels.named(name)
        return f"{' ' if label else '~'}{view.glyph} ", view.style

    @property
    def _lines_each(self) -> int:
        return 1 if self.is_brief else LINES

    def wrap(self, text: Content, width: int) -> list[Content]:
        """Give each member the same number of lines."""
        if not self._blocks:
            return super().wrap(text, width)
        chosen = self.view.chosen if self.view else None
        lines = []
        for number, block in enumerate(self._blocks):
            is_chosen = number == chosen
            edge = Content.styled("▌ ", "$accent") if is_chosen else Content(" " * EDGE)
            lines += [
                (edge + line).stylize("bold" if is_chosen else "")
                for line in self._wrap_block(*block, width - EDGE)
            ]
        return lines

    def _wrap_block(self, heading: Content, preview: Content, width: int) -> list[Content]:
        if self.is_brief:
            return [(heading + preview).truncate(width, ellipsis=True)]
        wrapped = [line.rstrip() for line in preview.wrap(width)[: LINES - 1]]
        return [heading, *wrapped, *[Content("")] * (LINES - 1 - len(wrapped))]

    def _bring_into_view(self, chosen: int) -> None:
        first, lines = chosen * self._lines_each, self._lines_each
        if first < self.top_line:
            self.scroll_to_line(first)
        elif first + lines > self.top_line + self.size.height:
            self.scroll_to_line(first + lines - self.size.height)
