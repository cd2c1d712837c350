"""Rows one after the other, each with all that hangs on it."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.types import CSSPathType

from tui.frame.snapshot import Labels
from tui.keys.bindings import bindings
from tui.keys.keymap import Keymap
from tui.screens.data.record_text import show_record
from tui.screens.dialogs.browse import LeafingDialog
from tui.screens.dialogs.frame import FRAME_STYLE
from tui.widgets.hint_bar import HintBar
from tui.widgets.origin_text import OriginText, Unfolded

if TYPE_CHECKING:
    from tui.screens.data.views import OpenedRow
    from tui.services.results.records import Record


class RecordDialog(LeafingDialog):
    """One row of a list. `read` fetches the row of a place; `copy` says where it copied it to.

    Each is None or "" if that could not be done.
    """

    SCOPE = "record"
    CSS_PATH: ClassVar[CSSPathType | None] = [FRAME_STYLE, "record_dialog.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("record")]

    def __init__(
        self,
        title: str,
        count: int,
        index: int,
        labels: Labels,
        keymap: Keymap,
        *,
        read: "Callable[[int], Awaitable[OpenedRow | None]]",
        copy: "Callable[[Record], Awaitable[str]]",
    ) -> None:
        super().__init__(title, count, index, keymap, show=self.show_text)
        self._labels = labels
        self._read, self._copy = read, copy
        self._texts = OriginText(labels.words, keymap.shown("record.context"))
        self._unfolded = Unfolded()
        self._record: Record | None = None

    async def on_mount(self) -> None:
        """Hint at unfolding where there is something to unfold."""
        if not self._labels.words.is_pair:
            self.query_one(HintBar).without_effect = frozenset({"context"})

    async def action_unfold(self) -> None:
        """Show all of contexts, or fold them; so for the rows to come."""
        self._unfolded = self._unfolded.turned("context")
        await self.show_text()

    async def show_text(self) -> None:
        """Show the record at the place."""
        place = self.index
        row = await self._read(place)
        if row is None or place != self.index:
            return
        self._record = row.record
        self.text.set_title(Content(f"{self.index + 1:,} of {self._count:,}"))
        self.text.set_subtitle("")
        self.text.show(show_record(row, self._labels, self._texts, self._unfolded))

    async def action_copy(self) -> None:
        """Copy all of the record, also what the screen has cut."""
        if self._record is not None:
            self.text.set_subtitle(await self._copy(self._record))
