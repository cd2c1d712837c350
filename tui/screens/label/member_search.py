"""A search through all members, which takes long: it goes on in a thread, and hits come early."""

from threading import Event
from typing import TYPE_CHECKING

from textual.widget import Widget

from tui.screens.label.labelling import Labelling
from tui.screens.label.messages import HitsFound, SearchEnded

if TYPE_CHECKING:
    from tui.screens.label.desk import LabelDesk


class MemberSearch:
    """The search that is under way, if any; `widget` gets its messages.

    Messages of a search that was stopped may still come, and are not taken.
    """

    def __init__(self, widget: Widget, labelling: Labelling) -> None:
        self._widget = widget
        self._labelling = labelling
        self._stopped: Event | None = None  # None where no search is under way
        self.found: frozenset[str] = frozenset()  # clusters, until now

    def begin(self, desk: "LabelDesk", text: str) -> None:
        """Search for clusters that have a text in a member."""
        stopped = self._stopped = Event()
        self.found = frozenset()

        def search() -> SearchEnded:
            def report(hits: set[str]) -> None:
                self._widget.post_message(HitsFound(stopped, frozenset(hits)))

            desk.search_members(text, report, stopped.is_set)
            return SearchEnded(stopped)

        self._labelling.read(self._widget, "search", search)

    def stop(self) -> bool:
        """End the search; return whether there was one."""
        stopped, self._stopped = self._stopped, None
        if stopped is not None:
            stopped.set()
        return stopped is not None

    def take(self, message: HitsFound) -> bool:
        """Add what was found; return whether this search found it."""
        if message.search is not self._stopped:
            return False
        self.found |= message.cluster_ids
        return True

    def end(self, message: SearchEnded) -> bool:
        """Whether this search is the one that has ended; nothing is under way then."""
        if message.search is not self._stopped:
            return False
        self._stopped = None
        return True
