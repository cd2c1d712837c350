"""The drift screen without its actions: what it reads, and how it shows that."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal, cast

from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from tui.frame.calls import Calls
from tui.frame.messages import DriftGroupRead, DriftRead, DriftTablesRead
from tui.frame.snapshot import Labels, Snapshot
from tui.keys.keymap import Keymap
from tui.screens.drift.tables import (
    PAIR_COLUMNS,
    PAIRED_COLUMNS,
    PRODUCTION_COLUMNS,
    WAY_COLUMNS,
    flow_table,
    pair_row,
    paired_row,
    production_row,
    score_columns,
    score_row,
    way_row,
)
from tui.screens.drift.views import (
    COMPARED,
    PAIRS_SHOWN,
    DriftRow,
    DriftTables,
    DriftView,
    GroupView,
)
from tui.screens.drift.wording import COUNTING, NOTHING_YET, how_to_read
from tui.screens.work_screen import WorkScreen
from tui.services.inert import one_line
from tui.widgets.empty_state import EmptyState
from tui.widgets.table import Table

if TYPE_CHECKING:
    from store.drift_pairs import PairOrder
    from tui.screens.drift.desk import DriftDesk, TableName
    from tui.screens.drift.spread import SpreadChart

View = Literal["scores", "spread", "labels", "ways", "production", "pairs"]

VIEWS: Final[tuple[View, ...]] = ("scores", "spread", "labels", "ways", "production", "pairs")
TABLES: Final = frozenset({"labels", "ways", "production"})  # read once they are looked at
UNGROUPED: Final = frozenset({"ways", "production"})


@dataclass(frozen=True, slots=True)
class Look:
    """What is looked at: a group of the table, a comparison, pairs in an order."""

    view: View = "scores"
    group: int = 0
    compared: str = "answer_seed"
    order: "PairOrder" = "most drifted"
    pattern: str = ""  # that answers must have
    page: int = 0
    pair: int = 0  # on the page

    @property
    def read_for(self) -> tuple[object, ...]:
        """What decides on what has to be read."""
        return self.group, self.compared, self.order, self.pattern, self.page


class DriftBase(WorkScreen):
    """The groups over what lies in the chosen one; one of them at a time where it is narrow."""

    SCOPE = "drift"

    def __init__(self, workspace_name: str, calls: Calls, keymap: Keymap, labels: Labels) -> None:
        super().__init__(workspace_name, calls, keymap)
        self.labels = labels
        self.look = Look()
        self.view = DriftView(None, "", ())
        self.group: GroupView | None = None
        self._read_tables: dict[str, DriftTables] = {}  # by view, since the figures last changed
        self._stamp = ""
        self._is_read = False
        self._scores = Table((), id="scores")
        self._chart: SpreadChart
        self._frame = Vertical(id="spread")
        self._table = Table((), id="table")
        self._tests = Table((), id="tests")
        self._legend = Static(id="legend", markup=False)
        self._empty = EmptyState(
            "Drift figures will stand here once answers have been scored against their seeds.",
            keymap,
        )

    def compose_body(self) -> Iterable[Widget]:
        """Lay the groups over what lies in one, and how to read it."""
        from tui.screens.drift.spread import SpreadChart  # here, for it takes 0.3 s to import

        self._chart = SpreadChart()
        yield self._empty
        yield self._scores
        yield self._frame
        yield self._table
        yield self._tests
        yield self._legend

    async def on_mount(self) -> None:
        """Put the chart into its frame."""
        await self._frame.mount(self._chart)
        self.show_look()

    @property
    def desk(self) -> "DriftDesk | None":
        """What decisions and texts go through, once the session is there."""
        return self.session.drift if self.session is not None else None

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Read the figures again where they may have changed."""
        self._empty.snapshot = snapshot
        desk = self.desk
        if desk is not None and snapshot.figures != self._stamp:
            self._stamp = snapshot.figures
            self.read("drift", lambda: DriftRead(desk.view()))

    def on_drift_read(self, message: DriftRead) -> None:
        """Show the figures that came; stay at the group."""
        before, self.view, self._is_read = self.row, message.view, True
        same = [
            number for number, row in enumerate(self.view.rows)
            if before and (row.dataset, row.label) == (before.dataset, before.label)
        ]  # fmt: skip
        self.look = replace(self.look, group=same[0] if same else 0)
        self._read_tables.clear()
        self.show_look()
        self.read_group()
        self._read_table()

    def read_group(self) -> None:
        """Read spread and pairs of the chosen group."""
        desk, row, look = self.desk, self.row, self.look
        config = self.view.config_hash
        if desk is not None and row is not None and config is not None:
            self.read(
                "group",
                lambda: DriftGroupRead(
                    desk.group(
                        config, look.compared, look.order, row.dataset, row.label, look.page,
                        look.pattern,
                    )
                ),
            )  # fmt: skip

    def on_drift_group_read(self, message: DriftGroupRead) -> None:
        """Show what lies in the group."""
        self.group = message.view
        self._chart.show(message.view.spread)
        self.show_look()

    def _read_table(self) -> None:
        desk, config, view = self.desk, self.view.config_hash, self.look.view
        if view in TABLES and view not in self._read_tables and desk is not None and config:
            name = cast("TableName", view)
            self.read("table", lambda: DriftTablesRead(name, desk.tables(name, config)))

    def on_drift_tables_read(self, message: DriftTablesRead) -> None:
        """Show what one of the further views is about."""
        self._read_tables[message.name] = message.tables
        self.show_look()

    @property
    def row(self) -> DriftRow | None:
        """The chosen group."""
        rows = self.view.rows
        return rows[min(self.look.group, len(rows) - 1)] if rows else None

    def on_resize(self) -> None:
        """Show as much as there is room for."""
        self.show_look()

    def change(self, **changes: object) -> None:
        """Look at something else, and read what that takes."""
        before, self.look = self.look, replace(self.look, **changes)  # type: ignore[arg-type]
        if self.look.read_for != before.read_for:
            self.read_group()
        self._read_table()
        self.show_look()

    def show_look(self) -> None:
        """Show what is looked at, as far as it was read."""
        row, view, wide = self.row, self.look.view, not self.is_narrow
        self.show_empty(row is None)
        self._empty.display = row is None and self._is_read
        self._scores.display = row is not None and (wide or view == "scores")
        self._frame.display = row is not None and (view == "spread" or (wide and view == "scores"))
        self._table.display = row is not None and (view in TABLES or view == "pairs")
        self._tests.display = False
        self._legend.display = row is not None or not self._is_read
        if row is None:
            self._legend.update(COUNTING)
            return
        if self._scores.display:
            self._show_scores(wide)
        if view == "pairs":
            self._show_pairs(row)
        elif view in TABLES:
            self._show_table(row, self._read_tables.get(view))
        self._frame.border_title = Content(f"F1, {self._named(row)}")
        answers = self.snapshot.counts.answers if self.snapshot else None
        self._legend.update(Content(how_to_read(view, self.view, answers)))

    def _named(self, row: DriftRow) -> str:
        """Return in words which group and comparison are looked at."""
        dataset = one_line(row.dataset) if row.dataset else "all datasets"
        label = one_line(row.label) if row.label else "all labels"
        return f"{COMPARED[self.look.compared]}: {dataset}, {label}"

    def _show_scores(self, wide: bool) -> None:
        look = self.look
        self._scores.set_title(f"BERTScore, {COMPARED[look.compared]}")
        rows = [score_row(row, look.compared, self.labels, wide) for row in self.view.rows]
        self._scores.show(score_columns(wide), rows, min(look.group, len(rows) - 1))

    def _show_table(self, row: DriftRow, tables: DriftTables | None) -> None:
        view, table = self.look.view, self._table
        if view == "labels":
            named = one_line(row.dataset) if row.dataset else "all datasets"
            title = f"What became of labels: {named}"
            if tables and row.dataset in tables.sizes:
                title = f"{title} · {tables.sizes[row.dataset]}"
            flow = tables.flow if tables else ()
            table.show(*flow_table([r for r in flow if r.dataset == row.dataset], self.labels))
        elif view == "ways":
            title = "Ways of asking"
            ways, paired = (tables.ways, tables.paired) if tables else ((), ())
            table.show(WAY_COLUMNS, [way_row(number, way) for number, way in enumerate(ways)])
            self._tests.display = bool(paired)
            self._tests.set_title("Paired over the seeds that both ways asked about")
            self._tests.show(PAIRED_COLUMNS, [paired_row(test) for test in paired])
        else:
            title = "Can seeds and answers be told from production?"
            rows = tables.production if tables else ()
            table.show(PRODUCTION_COLUMNS, [production_row(found) for found in rows])
        state = f": {NOTHING_YET[view]}" if not table.rows else ""
        table.set_title(f"{title}{state}" if tables else f"{title} ({COUNTING})")

    def scroll_table(self, rows: int) -> None:
        """Scroll the lower one of the tables that are shown."""
        (self._tests if self._tests.display else self._table).scroll_rows(rows)

    def _show_pairs(self, row: DriftRow) -> None:
        look, pairs = self.look, self.group.pairs if self.group else ()
        first = look.page * PAIRS_SHOWN
        places = f" ({first + 1:,}–{first + len(pairs):,})" if pairs else ": none"
        having = f" with “{one_line(look.pattern)}”" if look.pattern else ""
        self._table.set_title(f"Pairs{having}, {look.order} first{places}: {self._named(row)}")
        chosen = min(look.pair, len(pairs) - 1) if pairs else None
        self._table.show(PAIR_COLUMNS, [pair_row(pair, self.labels) for pair in pairs], chosen)
