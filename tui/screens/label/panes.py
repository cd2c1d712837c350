"""The queue, the text and the members: side by side as far as there is room, or one at a time."""

from collections.abc import Collection
from typing import Final

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widget import Widget

from tui.screens.label.cluster_list import ClusterList
from tui.screens.label.current_text import current_text
from tui.screens.label.labelling import Labelling
from tui.screens.label.layout import Arrangement, arrange, is_narrow
from tui.screens.label.members import Members, MembersView
from tui.screens.label.text_pane import TextPane
from tui.screens.label.views import Detail, PaneName

ACTIVE: Final = "-active"
STACKED: Final = "-stacked"


class Panes(Horizontal):
    """Shows where the annotator is; one of the panes is active."""

    def __init__(self, labelling: Labelling) -> None:
        super().__init__()
        self._state = labelling.state
        self._labels = labelling.labels
        self._list = ClusterList(self._labels)
        self._text = TextPane(self._labels, labelling.keymap)
        self._members = Members(self._labels)
        self._panes: dict[PaneName, Widget] = {
            "queue": self._list, "text": self._text, "members": self._members
        }  # fmt: skip
        self._arrangement = Arrangement({})

    def compose(self) -> ComposeResult:
        """Lay the panes from the left to the right."""
        yield from self._panes.values()

    def on_resize(self) -> None:
        """Show the panes that have room now."""
        self._arrange()
        self._show_members(self._state.detail)

    @property
    def is_narrow(self) -> bool:
        """Whether there is no room beside the text."""
        return is_narrow(self.app.size.width)

    @property
    def seen(self) -> Collection[PaneName]:
        """The panes that are seen."""
        return self._arrangement.widths.keys()

    @property
    def top_line(self) -> int:
        """The line of the text that is on top."""
        return self._text.top_line

    def scroll_text_to(self, line: int) -> None:
        """Put a line of the text on top."""
        self._text.scroll_to_line(line)

    def scroll_text(self, pages: int) -> None:
        """Scroll the text by pages."""
        self._text.scroll_pages(pages)

    def _arrange(self) -> None:
        """Give each pane its columns; the screen is laid out only where that changes any.

        The panes take all columns of the app, which are known before they are shown.
        """
        display = self._state.display
        found = arrange(self.app.size.width, display.pane, display.sides)
        if found == self._arrangement:
            return
        self._arrangement = found
        self.set_class(found.is_stacked, STACKED)
        self._members.is_brief = found.is_stacked
        for name, pane in self._panes.items():
            pane.display = name in found.widths
            pane.styles.width = found.widths.get(name, 0)

    def show(self) -> None:
        """Draw everything that a key may have changed."""
        state = self._state
        self._arrange()
        self._list.show(state.work, is_blind=state.display.is_blind)
        for name, pane in self._panes.items():
            pane.set_class(name == state.display.pane, ACTIVE)
        self._text.view = current_text(state, self._labels)
        # The members come a moment later, so that the text is there the sooner.
        self.call_after_refresh(self._show_members, state.detail)

    def _show_members(self, detail: Detail | None) -> None:
        if detail is None or "members" not in self.seen:
            self._members.view = None
            return
        state, override = self._state, self._state.work.decisions.override
        decided = state.work.decisions.state(detail.key.cluster_id)
        self._members.view = MembersView(
            detail,
            tuple(override(detail.key.cluster_id, member.answer_id) for member in detail.members),
            decided.label if decided else None,
            chosen=state.chosen_member if state.is_among_members else None,
            is_blind=state.display.is_blind,
        )
