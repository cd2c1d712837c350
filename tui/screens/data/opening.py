"""What is done with rows: one opened, copied, followed to its cluster; all written."""

from typing import TYPE_CHECKING

from store.counting import counted
from tui.frame.asking import Asking
from tui.frame.messages import ClusterWanted, Said
from tui.frame.snapshot import Labels
from tui.keys.keymap import Keymap
from tui.screens.data.browser import TableBrowser
from tui.screens.data.record_dialog import RecordDialog
from tui.screens.data.record_text import copy_record
from tui.screens.data.wording import name_one
from tui.screens.work_screen import WorkScreen

if TYPE_CHECKING:
    from tui.screens.data.views import OpenedRow
    from tui.services.results.records import Record


class RowOpening:
    """Acts on the current row of a table, for a screen."""

    def __init__(self, screen: WorkScreen, asking: Asking, keymap: Keymap, labels: Labels) -> None:
        self._screen = screen
        self._asking = asking
        self._keymap = keymap
        self._labels = labels

    def open(self, browser: TableBrowser) -> None:
        """Show all that hangs on the current row, and from there on others."""
        listing = browser.listing
        if listing is None or not listing.count:
            return

        def come_back(place: int | None) -> None:
            if place is not None and browser.listing is listing:
                browser.move_to(place)

        title = name_one(browser.table, self._labels.words)
        dialog = RecordDialog(
            title, listing.count, browser.place, self._labels, self._keymap,
            read=lambda place: self._open(browser, place), copy=lambda it: self._copy(browser, it),
        )  # fmt: skip
        self._screen.app.push_screen(dialog, come_back)

    async def _open(self, browser: TableBrowser, place: int) -> "OpenedRow | None":
        desk, listing = browser.desk, browser.listing
        if desk is None or listing is None:
            return None
        return await self._asking.write(lambda: desk.opened(listing, place))

    async def _read(self, browser: TableBrowser, place: int) -> "Record | None":
        desk, listing = browser.desk, browser.listing
        if desk is None or listing is None:
            return None
        return await self._asking.write(lambda: desk.record(listing, place))

    async def _copy(self, browser: TableBrowser, record: "Record") -> str:
        desk, text = browser.desk, copy_record(record, self._labels.words)
        copied = await self._asking.write(lambda: desk.copy(text)) if desk is not None else None
        if copied is None:
            return ""
        if copied.way is None:
            self._screen.app.copy_to_clipboard(text)
        return copied.describe()

    async def copy(self, browser: TableBrowser) -> None:
        """Copy all that hangs on the current row."""
        record = await self._read(browser, browser.place)
        if record is not None:
            self._screen.say(await self._copy(browser, record))

    async def write(self, browser: TableBrowser) -> None:
        """Write all rows that are listed, in their order, with all columns."""
        desk, listing = browser.desk, browser.listing
        if desk is None or listing is None:
            return
        of = counted(listing.count, "row")

        def told(rows: int) -> None:
            if rows < listing.count:
                self._screen.post_message(Said(f"Wrote {rows:,} of {of} …"))

        path = await self._asking.write(lambda: desk.write(listing, told))
        if path is not None:
            self._screen.say(f"Wrote {of} with all columns: exports/{path.name}.")

    async def go_to_cluster(self, browser: TableBrowser) -> None:
        """Go to where the current row's answer is labelled."""
        record = await self._read(browser, browser.place)
        if record is None:
            return
        answers = [item for item in record.made if item.what == "answer"]
        clusters = [item.cluster_id for item in answers if item.cluster_id]
        if clusters:
            self._screen.post_message(ClusterWanted(clusters[0], then_split=False))
        else:
            text = (
                "This answer is in no cluster yet." if answers else "There is no answer here yet."
            )
            self._screen.say(text, is_warning=True)
