"""All rows of the workspace in tables: sorted, filtered, searched, opened; and its datasets."""

from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import replace
from functools import partial
from typing import ClassVar, Final, Literal

from textual.binding import BindingType
from textual.widget import Widget
from textual.widgets import ContentSwitcher

from tui.frame.calls import Calls
from tui.frame.snapshot import Labels, Snapshot
from tui.keys.bindings import bindings
from tui.keys.keymap import Keymap
from tui.screens.data.browser import TableBrowser
from tui.screens.data.dataset_actions import DatasetActions
from tui.screens.data.datasets_view import DatasetsView
from tui.screens.data.importing import Importing
from tui.screens.data.narrowing import Narrowing
from tui.screens.data.opening import RowOpening
from tui.screens.data.wording import name_all
from tui.screens.work_screen import WorkScreen
from tui.services.results.browsing import Condition, TableName, View
from tui.widgets.empty_state import EmptyState
from tui.widgets.view_tabs import ViewChosen, ViewTabs

TABLES: Final[tuple[TableName, ...]] = ("seeds", "questions", "answers", "pairs")
DATASETS: Final = "datasets"
ROOMY: Final = 150  # columns from which a row is seen beside the table
DATASET_KEYS: Final = ("rename", "relabel", "roles", "remove")
ROW_KEYS: Final = ("search", "sort", "filter", "like", "back", "cluster", "preview")
DatasetAction = Literal["rename", "relabel", "change_roles", "remove"]


class DataScreen(WorkScreen):
    """One table at a time, under the names of all."""

    SCOPE = "data"
    CSS_PATH = "screen.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("data")]
    HORIZONTAL_BREAKPOINTS = [*WorkScreen.HORIZONTAL_BREAKPOINTS, (ROOMY, "-roomy")]  # noqa: RUF012

    def __init__(self, workspace_name: str, calls: Calls, keymap: Keymap, labels: Labels) -> None:
        super().__init__(workspace_name, calls, keymap)
        text = (
            "Seeds, questions and answers will appear here once a file is imported: "
            f"{keymap.shown('data.import')} takes one in."
        )
        self._empty = EmptyState(text, keymap, self.SCOPE, id="empty")
        names = [(name, name_all(name, labels.words)) for name in TABLES]
        self._tabs = ViewTabs([*names, (DATASETS, "Datasets")], TABLES[0])
        self._browsers: dict[str, TableBrowser] = {
            name: TableBrowser(name, calls, labels) for name in TABLES
        }
        self._datasets = DatasetsView(calls, labels)
        self._switcher = ContentSwitcher(
            self._empty, *self._browsers.values(), self._datasets, initial="empty"
        )
        self._narrowing = Narrowing(self, calls, keymap)
        self._opening = RowOpening(self, self.asking, keymap, labels)
        self._actions = DatasetActions(self, keymap, [view.name for view in labels.views])
        self._importing = Importing(self, calls, keymap, labels)
        self._stamp = ""
        self._written = 0  # how often this screen changed datasets

    def compose_body(self) -> Iterable[Widget]:
        """Lay out the names of the tables over the one that is shown."""
        return (self._tabs, self._switcher)

    @property
    def browser(self) -> TableBrowser | None:
        """The table of rows that is shown; None if there is none."""
        return self._browsers.get(self._tabs.current) if self._has_rows else None

    @property
    def _has_rows(self) -> bool:
        return self.snapshot is not None and self.snapshot.counts.samples > 0

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Read again what may have changed in the table that is shown."""
        self._empty.snapshot = snapshot
        self._stamp = f"{snapshot.counts}:{snapshot.figures}:{snapshot.clustering}"
        self._show()

    def _show(self) -> None:
        self._switcher.current = self._tabs.current if self._has_rows else "empty"
        shown = self._shown
        if shown is not None and self.desks is not None:
            shown.desk = self.desks.data
            shown.bring_up(f"{self._stamp}:{self._written}")

    @property
    def _shown(self) -> "TableBrowser | DatasetsView | None":
        """What is shown; None if there are no rows."""
        return (self.browser or self._datasets) if self._has_rows else None

    def keys_without_effect(self) -> Collection[str]:
        """What is for datasets where rows are shown, and the other way round.

        Without any row there is only a file to take in.
        """
        if not self._has_rows:
            return [key.name for key, _ in self.keymap.hints("data") if key.name != "import"]
        if self._shown is self._datasets:
            return ROW_KEYS
        browser = self.browser
        is_whole = browser is None or not (browser.view.conditions or browser.view.pattern)
        is_roomy = self.size.width >= ROOMY
        has_answers = self._tabs.current in ("answers", "pairs")
        return (*DATASET_KEYS, *(("back",) if is_whole else ()),
                *(() if is_roomy else ("preview",)),
                *(() if has_answers else ("cluster",)))  # fmt: skip

    def on_view_chosen(self, message: ViewChosen) -> None:
        """Show the table whose name was clicked."""
        message.stop()
        self._choose(message.view)

    def _choose(self, view: str) -> None:
        self._tabs.current = view
        self._show()

    def action_view(self, by: int) -> None:
        """Show the next table, around the end."""
        self._choose(self._tabs.beside(by))

    def action_move(self, by: int) -> None:
        """Go to another row."""
        if self._shown is not None:
            self._shown.move(by)

    def action_page(self, by: int) -> None:
        """Go a page of rows on."""
        if self._shown is not None:
            self._shown.move_page(by)

    def action_move_to_first(self) -> None:
        """Go to the first row."""
        if self._shown is not None:
            self._shown.move_to(0)

    def action_move_to_last(self) -> None:
        """Go to the last row."""
        if self._shown is not None:
            self._shown.move_to_end()

    def action_turn(self, by: int) -> None:
        """Go to another column."""
        if self.browser is not None:
            self.browser.turn(by)

    def action_toggle_preview(self) -> None:
        """Hide the row beside the table, or bring it back."""
        self.toggle_class("-rows-only")

    def action_sort(self) -> None:
        """Sort by the current column: ascending, descending, not at all."""
        if self.browser is not None:
            self.browser.sort()

    def action_search(self) -> None:
        """Ask what rows must have in a text."""
        if self.browser is not None:
            self._narrowing.search(self.browser)

    async def action_filter(self) -> None:
        """Ask which rows to show."""
        if self.browser is not None:
            await self._narrowing.filter(self.browser)

    async def action_keep_like(self, is_left_out: bool) -> None:
        """Show only rows with the value of the current cell, or only those without it."""
        if self.browser is not None:
            await self._narrowing.keep_like(self.browser, is_left_out=is_left_out)

    def action_drop_condition(self) -> None:
        """Take the search away, else the newest condition."""
        browser = self.browser
        if browser is None:
            return
        view = browser.view
        if view.pattern:
            browser.show_view(replace(view, pattern=""))
        else:
            browser.show_view(replace(view, conditions=view.conditions[:-1]))

    def action_show_all(self) -> None:
        """Show all rows again; the order stays."""
        if self.browser is not None:
            self.browser.show_view(replace(self.browser.view, conditions=(), pattern=""))

    def action_open(self) -> None:
        """Show all that hangs on the current row; of a dataset, its rows."""
        if self.browser is not None:
            self._opening.open(self.browser)
        elif self._datasets.chosen is not None and self._has_rows:
            condition = Condition("dataset", self._datasets.chosen.dataset)
            self._browsers["seeds"].show_view(View("seeds", (condition,)))
            self._choose("seeds")

    async def action_write(self) -> None:
        """Write all rows that are listed; where datasets are shown, these."""
        browser = self.browser
        if browser is None:
            await super().action_write()
        else:
            self.run_worker(self._opening.write(browser), group="write", exclusive=True,
                            exit_on_error=False)  # fmt: skip

    async def action_copy(self) -> None:
        """Copy all that hangs on the current row."""
        if self.browser is not None:
            await self._opening.copy(self.browser)

    async def action_go_to_cluster(self) -> None:
        """Go to where the current row's answer is labelled."""
        if self.browser is not None:
            await self._opening.go_to_cluster(self.browser)

    def action_import_file(self) -> None:
        """Take a file in."""
        desks = self.desks
        if desks is not None:
            self._begin(partial(self._importing.take_in, desks.data))

    def action_change_dataset(self, name: DatasetAction) -> None:
        """Do something to the current dataset, where datasets are shown."""
        desks, item = self.desks, self._datasets.chosen
        if desks is not None and item is not None and self._shown is self._datasets:
            self._begin(partial(getattr(self._actions, name), desks.data, item))

    def _begin(self, change: Callable[[], Awaitable[bool]]) -> None:
        """Begin what waits for dialogs, and show what it has changed; one at a time."""

        async def work() -> None:
            if await change():
                self._written += 1
                self._show()

        if not any(worker.group == "change" and worker.is_running for worker in self.workers):
            self.run_worker(work(), group="change", exit_on_error=False)
