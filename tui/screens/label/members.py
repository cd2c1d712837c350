"""Previews of a cluster's other members, to judge whether one label fits them all."""

from textual.content import Content

from tui.frame.snapshot import PREVIEW_CHARACTERS, Detail, Labels
from tui.keys.keymap import Keymap
from tui.screens.label.worklist import Worklist
from tui.services.inert import one_line
from tui.widgets.pane import Pane
from tui.widgets.plain import marked

LINES = 3  # of a preview: a heading and two lines of text


class Members(Pane):
    """The members of a detail, in its order; one of them is chosen while the pane is active."""

    def __init__(self, labels: Labels, keymap: Keymap) -> None:
        super().__init__()
        self._labels = labels
        self._keymap = keymap
        self._blocks: list[tuple[Content, Content]] = []
        self._chosen: int | None = None
        self._shown: object = None

    def show_members(
        self, work: Worklist, detail: Detail | None, chosen: int | None, *, is_blind: bool
    ) -> None:
        """Show members, or nothing while none have been read."""
        labels = (
            [work.override(detail.cluster_id, item.answer_id) for item in detail.members]
            if detail
            else []
        )
        shown = detail, chosen, is_blind, labels
        if shown == self._shown:
            return
        self._shown = shown
        self._chosen = chosen
        self._blocks = []
        if detail is None:
            self.set_title(Content("Members"))
            self.show(Content(""))
            return
        order = f"random, draw {detail.draw + 1}" if detail.order == "random" else detail.order
        self.set_title(Content(f"Members: {order}"))
        if not detail.members:
            self.show(Content.styled("The representative is the only member.", "$quiet"))
            return
        for member, label in zip(detail.members, labels, strict=True):
            text = one_line(member.text, PREVIEW_CHARACTERS)
            sure = "" if is_blind or member.confidence is None else f" p {member.confidence:.2f}"
            heading = Content.styled(
                f"{member.rank + 1:>4,}  d {member.distance:.2f}{sure}", "bold"
            )
            if label is not None:
                view = self._labels.named(label)
                heading += Content.assemble(
                    "  ", (f"{view.glyph} {one_line(view.name)}", view.style)
                )
            self._blocks.append((heading, marked(text, detail.marks.get(text, ()))))
        self.show(Content(" "), top_line=self.top_line if chosen else 0)
        if chosen is not None:
            self._bring_into_view(chosen)

    def wrap(self, text: Content, width: int) -> list[Content]:
        """Give each member the same number of lines."""
        if not self._blocks:
            return super().wrap(text, width)
        lines = []
        for number, (heading, preview) in enumerate(self._blocks):
            wrapped = [line.rstrip() for line in preview.wrap(width - 2)[: LINES - 1]]
            wrapped += [Content("")] * (LINES - 1 - len(wrapped))
            is_chosen = number == self._chosen
            edge = Content.styled("▌ ", "$accent") if is_chosen else Content("  ")
            lines += [edge + line for line in (heading, *wrapped)]
        return lines

    def _bring_into_view(self, chosen: int) -> None:
        first = chosen * LINES
        if first < self.top_line:
            self.scroll_to_line(first)
        elif first + LINES > self.top_line + self.size.height:
            self.scroll_to_line(first + LINES - self.size.height)
