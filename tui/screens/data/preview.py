"""The current row beside the table, where there is room: all that hangs on it."""

from functools import partial
from typing import TYPE_CHECKING, Final

from textual.content import Content
from textual.timer import Timer

from tui.frame.asking import Asking
from tui.frame.calls import Calls
from tui.frame.snapshot import Labels
from tui.screens.data.messages import PreviewRead
from tui.screens.data.record_text import show_record
from tui.widgets.origin_text import OriginText, Unfolded
from tui.widgets.pane import Pane
from tui.widgets.plain import plain

if TYPE_CHECKING:
    from tui.screens.data.desk import DataDesk
    from tui.screens.data.views import Listing

PAUSE_S: Final = 0.1  # keys that follow one another read nothing


class RowPreview(Pane):
    """The record of the row that it was told to follow; read after a pause, never for each key."""

    def __init__(self, calls: Calls, labels: Labels) -> None:
        super().__init__()
        self._asking = Asking(self, calls)
        self._labels = labels
        self._texts = OriginText(labels.words, "")
        self._wanted: tuple[Listing, int] | None = None
        self._pause: Timer | None = None

    def follow(self, desk: "DataDesk", listing: "Listing", place: int) -> None:
        """Show the row at a place of a listing soon, unless it is hidden or shown already."""
        before = self._wanted
        if not self.display or (before and before[0] is listing and before[1] == place):
            return
        self._wanted = listing, place
        if self._pause is not None:
            self._pause.stop()
        if listing.count:
            self._pause = self.set_timer(PAUSE_S, partial(self._read, desk, listing, place))
        else:
            self.set_title(plain(""))
            self.show(Content(""))

    def _read(self, desk: "DataDesk", listing: "Listing", place: int) -> None:
        self._asking.read(
            "preview", lambda: PreviewRead(listing, place, desk.opened(listing, place))
        )

    def on_preview_read(self, message: PreviewRead) -> None:
        """Show the record, unless another row is current by now."""
        message.stop()
        if self._wanted is None or self._wanted[0] is not message.listing:
            return
        if self._wanted[1] == message.place:
            self.set_title(plain(f"Row {message.place + 1:,}"))
            self.show(show_record(message.row, self._labels, self._texts, Unfolded(context=True)))
