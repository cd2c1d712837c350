"""Which rows of a table are shown: by a search, by values, by the value of a cell."""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from store.counting import counted
from tui.frame.asking import Asking
from tui.frame.calls import Calls, Refused
from tui.keys.keymap import Keymap
from tui.screens.data.browser import TableBrowser
from tui.screens.data.filter_dialog import NarrowDialog
from tui.screens.dialogs.search import SearchDialog
from tui.screens.work_screen import WorkScreen
from tui.services.results.browsing import Condition, View

if TYPE_CHECKING:
    from tui.screens.data.desk import DataDesk

EXPLANATION = "Words in any case, or /a regular expression/, in all texts of a row."


class Narrowing:
    """Asks on a screen what to show, and lets the table show it. Keeps what was searched for."""

    def __init__(self, screen: WorkScreen, calls: Calls, keymap: Keymap) -> None:
        self._screen = screen
        self._calls = calls
        self._keymap = keymap
        self._asking = Asking(screen, calls)
        self._history: list[str] = []

    def search(self, browser: TableBrowser) -> None:
        """Ask what rows must have in a text."""
        desk, view = browser.desk, browser.view
        if desk is None:
            return

        async def count(text: str) -> str:
            pattern = text.strip()
            return await self._count(desk, replace(view, pattern=pattern)) if pattern else ""

        def take(text: str | None) -> None:
            if text is None:
                return
            if pattern := text.strip():
                self._history = [*(item for item in self._history if item != pattern), pattern]
            browser.show_view(replace(browser.view, pattern=pattern))

        dialog = SearchDialog(EXPLANATION, self._history, self._keymap, count=count)
        self._screen.app.push_screen(dialog, take)

    async def filter(self, browser: TableBrowser) -> None:
        """Ask for values that rows must have."""
        desk = browser.desk
        if desk is None:
            return
        values = await self._asking.write(partial(desk.values, browser.table))
        if values is None:
            return

        def take(conditions: tuple[Condition, ...] | None) -> None:
            if conditions is not None:
                browser.show_view(replace(browser.view, conditions=conditions))

        dialog = NarrowDialog(
            browser.table, values, browser.view.conditions, self._keymap,
            count=lambda found: self._count(desk, replace(browser.view, conditions=found)),
        )  # fmt: skip
        self._screen.app.push_screen(dialog, take)

    async def _count(self, desk: "DataDesk", view: View) -> str:
        """How many rows a view would have, in words, or why it cannot be."""
        found = await self._calls.make(desk.counting(replace(view, sort=None)))
        if isinstance(found, Refused):
            return found.text
        return "" if found is None else f"In {counted(found, 'row')}."

    async def keep_like(self, browser: TableBrowser, *, is_left_out: bool) -> None:
        """Show only rows with the value of the current cell, or only those without it."""
        desk, listing = browser.desk, browser.listing
        if desk is None or listing is None or browser.row is None:
            return
        name, place = browser.column.name, browser.place
        found = await self._asking.write(lambda: desk.condition(listing, place, name))
        if found is not None:
            condition = replace(found, is_left_out=is_left_out)
            browser.show_view(
                replace(browser.view, conditions=(*browser.view.conditions, condition))
            )
