"""The datasets in a table, over what is known of the chosen one."""

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical

from store.counting import counted
from tui.frame.asking import Asking
from tui.frame.calls import Calls
from tui.frame.snapshot import Labels
from tui.screens.data.dataset_rows import COLUMNS, dataset_row, describe_dataset
from tui.screens.data.messages import DatasetsRead
from tui.widgets.pane import Pane
from tui.widgets.plain import plain
from tui.widgets.table import Table

if TYPE_CHECKING:
    from tui.screens.data.desk import DataDesk
    from tui.services.results.datasets import DatasetDetail


class DatasetsView(Vertical):
    """The screen sets `desk`, and tells by `bring_up` to read again."""

    def __init__(self, calls: Calls, labels: Labels) -> None:
        super().__init__(id="datasets")
        self.desk: DataDesk | None = None
        self._asking = Asking(self, calls)
        self._labels = labels
        self._stamp = ""
        self._datasets: tuple[DatasetDetail, ...] = ()
        self._table = Table(COLUMNS, id="all")
        self._detail = Pane()

    def compose(self) -> ComposeResult:
        """Lay the table over the detail."""
        yield self._table
        yield self._detail

    @property
    def chosen(self) -> "DatasetDetail | None":
        """The current dataset; None if there is none."""
        place = self._table.chosen
        return self._datasets[place] if place is not None else None

    def bring_up(self, stamp: str) -> None:
        """Read again if that was read from another state of the workspace."""
        desk = self.desk
        if stamp != self._stamp and desk is not None:
            self._stamp = stamp
            self._asking.read("datasets", lambda: DatasetsRead(desk.datasets()))

    def on_datasets_read(self, message: DatasetsRead) -> None:
        """Show the datasets; stay at the current one."""
        message.stop()
        here, place = self.chosen.dataset if self.chosen else None, self._table.chosen or 0
        self._datasets = message.datasets
        names = [item.dataset for item in self._datasets]
        chosen = names.index(here) if here in names else min(place, len(names) - 1)
        rows = [dataset_row(item) for item in self._datasets]
        self._table.set_title(f"Datasets: {len(rows)}")
        self._table.show(COLUMNS, rows, chosen if rows else None)
        self._show_detail()

    def _show_detail(self) -> None:
        item = self.chosen
        if item is None:
            return
        rows = counted(item.hanging.rows, "row")
        self._detail.set_title(plain(f"{item.dataset}: {rows}, {', '.join(item.roles)}"))
        self._detail.show(describe_dataset(item, self._labels))

    def move(self, by: int) -> None:
        """Go to another dataset."""
        self.move_to((self._table.chosen or 0) + by)

    def move_to(self, place: int) -> None:
        """Go to a dataset by its place."""
        if self._datasets:
            self._table.chosen = max(0, min(place, len(self._datasets) - 1))
            self._show_detail()

    def move_to_end(self) -> None:
        """Go to the last dataset."""
        self.move_to(len(self._datasets) - 1)

    def move_page(self, pages: int) -> None:
        """Scroll what is known of the chosen one."""
        self._detail.scroll_pages(pages)
