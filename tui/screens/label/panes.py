"""The queue, the representative and the members: side by side, or one at a time."""

from typing import Final

from textual.app import ComposeResult
from textual.containers import Horizontal

from tui.frame.snapshot import Detail, Labels
from tui.keys.keymap import Keymap
from tui.screens.label.cluster_list import ClusterList
from tui.screens.label.members import Members
from tui.screens.label.place import PANES, LabelMemory
from tui.screens.label.representative import Representative
from tui.screens.label.worklist import Worklist
from tui.widgets.pane import Pane

ACTIVE: Final = "-active"


class LabelPanes(Horizontal):
    """Shows a worklist as the person wants to look at it; the active pane is marked."""

    def __init__(self, labels: Labels, keymap: Keymap) -> None:
        super().__init__()
        self._list = ClusterList(labels)
        self._text = Representative(labels)
        self._members = Members(labels, keymap)
        self.chosen_member = 0

    def compose(self) -> ComposeResult:
        """Lay them side by side; style sheets hide all but one where it is narrow."""
        yield from (self._list, self._text, self._members)

    def show(
        self, work: Worklist, look: LabelMemory, detail: Detail | None, *, annotator: str
    ) -> None:
        """Draw everything that a key may have changed."""
        self._list.show(work, annotator=annotator, is_blind=look.is_blind)
        cluster = work.current
        if cluster is not None:
            self._text.show_cluster(
                cluster,
                work.state(cluster.cluster_id),
                detail,
                place=f"Cluster {work.index + 1:,} of {len(work.shown):,}",
                shows_origin=look.shows_origin,
                is_blind=look.is_blind,
            )
        self.chosen_member = min(
            self.chosen_member, max(len(detail.members) - 1, 0) if detail else 0
        )
        chosen = self.chosen_member if look.pane == "members" else None
        # The members come a moment later, so that the text is there the sooner.
        self.call_after_refresh(
            self._members.show_members, work, detail, chosen, is_blind=look.is_blind
        )

    def activate(self, pane: str) -> None:
        """Mark a pane; where it is narrow, it is the one that is seen."""
        for name, widget in zip(PANES, (self._list, self._text, self._members), strict=True):
            widget.set_class(name == pane, ACTIVE)

    @property
    def top_line(self) -> int:
        """The line of the representative that is on top."""
        return self._text.top_line

    def scroll_text_to(self, line: int) -> None:
        """Put a line of the representative on top."""
        self._text.scroll_to_line(line)

    def scroll_pages(self, pane: str, by: int) -> None:
        """Scroll the members where they are active, else the representative."""
        target: Pane = self._members if pane == "members" else self._text
        target.scroll_pages(by)
