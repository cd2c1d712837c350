"""How far answers have drifted from their seeds: by group, where, their labels, single pairs."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Final, Literal

from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from tui.bindings import bindings
from tui.calls import Calls
from tui.driftviews import COMPARED, PAIRS_SHOWN, DriftRow, DriftView, GroupView
from tui.driftwording import how_to_read
from tui.inert import one_line
from tui.keymap import Keymap
from tui.messages import DriftGroupRead, DriftRead
from tui.screens.driftpair import PairDialog
from tui.screens.work import WorkScreen
from tui.views import Labels, Snapshot
from tui.widgets.drift_tables import (
    PAIR_COLUMNS,
    flow_table,
    pair_row,
    score_columns,
    score_row,
)
from tui.widgets.empty_state import EmptyState
from tui.widgets.table import Table

if TYPE_CHECKING:
    from store.drifted import DriftedPair, PairOrder
    from store.origins import Pair
    from tui.driftdesk import DriftDesk
    from tui.widgets.spread import SpreadChart

View = Literal["scores", "spread", "labels", "pairs"]

VIEWS: Final[tuple[View, ...]] = ("scores", "spread", "labels", "pairs")
ORDERS: Final = ("most drifted", "least drifted", "most at odds")
DONE: Final = {"exclude": "left out of training", "include": "taken back into training"}


@dataclass(frozen=True, slots=True)
class Look:
    """What is looked at: a group of the table, a comparison, pairs in an order."""

    view: View = "scores"
    group: int = 0
    compared: str = "answer_seed"
    order: "PairOrder" = "most drifted"
    page: int = 0
    pair: int = 0  # on the page

    @property
    def read_for(self) -> tuple[object, ...]:
        """What decides on what has to be read."""
        return self.group, self.compared, self.order, self.page


class DriftScreen(WorkScreen):
    """The groups over what lies in the chosen one; one of them at a time where it is narrow."""

    CSS_PATH = "drift.tcss"
    SCOPE = "drift"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("drift")]

    def __init__(self, workspace_name: str, calls: Calls, keymap: Keymap, labels: Labels) -> None:
        super().__init__(workspace_name, calls, keymap)
        self._labels = labels
        self._view = DriftView(None, "", (), ())
        self._group: GroupView | None = None
        self._look = Look()
        self._stamp = ""
        self._scores = Table((), id="scores")
        self._chart: SpreadChart
        self._frame = Vertical(id="spread")
        self._flow = Table((), id="flow")
        self._pairs = Table((), id="pairs")
        self._legend = Static(id="legend", markup=False)
        self._empty = EmptyState(
            "Drift figures will stand here once answers have been scored against their seeds.",
            keymap,
        )

    def compose_body(self) -> Iterable[Widget]:
        """Lay the groups over what lies in one, and how to read it."""
        from tui.widgets.spread import SpreadChart  # here, for it takes 0.3 s to import

        self._chart = SpreadChart()
        yield self._empty
        yield self._scores
        yield self._frame
        yield self._flow
        yield self._pairs
        yield self._legend

    async def on_mount(self) -> None:
        """Put the chart into its frame."""
        await self._frame.mount(self._chart)
        self._show()

    @property
    def _desk(self) -> "DriftDesk | None":
        return self.session.drift if self.session is not None else None

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Read the figures again where they may have changed."""
        self._empty.snapshot = snapshot
        desk = self._desk
        if desk is not None and snapshot.figures != self._stamp:
            self._stamp = snapshot.figures
            self.read("drift", lambda: DriftRead(desk.view()))

    def on_drift_read(self, message: DriftRead) -> None:
        """Show the figures that came; stay at the group."""
        before, self._view = self._row, message.view
        same = [
            number for number, row in enumerate(self._view.rows)
            if before and (row.dataset, row.label) == (before.dataset, before.label)
        ]  # fmt: skip
        self._look = replace(self._look, group=same[0] if same else 0)
        self._show()
        self._read_group()

    def _read_group(self) -> None:
        desk, row, look = self._desk, self._row, self._look
        config = self._view.config_hash
        if desk is not None and row is not None and config is not None:
            self.read(
                "group",
                lambda: DriftGroupRead(
                    desk.group(config, look.compared, look.order, row.dataset, row.label, look.page)
                ),
            )

    def on_drift_group_read(self, message: DriftGroupRead) -> None:
        """Show what lies in the group."""
        self._group = message.view
        self._chart.show(message.view.spread)
        self._show()

    @property
    def _row(self) -> DriftRow | None:
        rows = self._view.rows
        return rows[min(self._look.group, len(rows) - 1)] if rows else None

    def on_resize(self) -> None:
        """Show as much as there is room for."""
        self._show()

    def _change(self, **changes: object) -> None:
        before, self._look = self._look, replace(self._look, **changes)  # type: ignore[arg-type]
        if self._look.read_for != before.read_for:
            self._read_group()
        self._show()

    def _show(self) -> None:
        row = self._row
        self.show_empty(row is None)
        self._empty.display = row is None
        view, wide = self._look.view, not self.is_narrow
        self._scores.display = row is not None and (wide or view == "scores")
        self._frame.display = row is not None and (view == "spread" or (wide and view == "scores"))
        self._flow.display = row is not None and view == "labels"
        self._pairs.display = row is not None and view == "pairs"
        self._legend.display = row is not None
        if row is None:
            return
        if self._scores.display:
            self._show_scores(wide)
        if view == "labels":
            self._show_flow(row)
        if view == "pairs":
            self._show_pairs(row)
        self._frame.border_title = Content(f"F1, {self._named(row)}")
        answers = self.snapshot.counts.answers if self.snapshot else None
        self._legend.update(Content(how_to_read(view, self._view, answers)))

    def _named(self, row: DriftRow) -> str:
        """Return in words which group and comparison are looked at."""
        dataset = one_line(row.dataset) if row.dataset else "all datasets"
        label = one_line(row.label) if row.label else "all labels"
        return f"{COMPARED[self._look.compared]}: {dataset}, {label}"

    def _show_scores(self, wide: bool) -> None:
        look, labels = self._look, self._labels
        self._scores.set_title(f"BERTScore, {COMPARED[look.compared]}")
        rows = [score_row(row, look.compared, labels, wide) for row in self._view.rows]
        self._scores.show(score_columns(wide), rows, min(look.group, len(rows) - 1))

    def _show_flow(self, row: DriftRow) -> None:
        named = one_line(row.dataset) if row.dataset else "all datasets"
        self._flow.set_title(f"What became of labels: {named}")
        rows = [item for item in self._view.flow if item.dataset == row.dataset]
        self._flow.show(*flow_table(rows, self._labels))

    def _show_pairs(self, row: DriftRow) -> None:
        pairs = self._group.pairs if self._group else ()
        first = self._look.page * PAIRS_SHOWN
        places = f" ({first + 1:,}–{first + len(pairs):,})" if pairs else ": none"
        self._pairs.set_title(f"Pairs, {self._look.order} first{places}: {self._named(row)}")
        chosen = min(self._look.pair, len(pairs) - 1) if pairs else None
        self._pairs.show(PAIR_COLUMNS, [pair_row(pair, self._labels) for pair in pairs], chosen)

    def action_move(self, by: int) -> None:
        """Choose another group, or another pair."""
        if self._look.view == "pairs":
            self._move_to_pair(self._look.pair + by)
        else:
            place = min(max(self._look.group + by, 0), max(len(self._view.rows) - 1, 0))
            self._change(group=place, page=0, pair=0)

    def _move_to_pair(self, place: int) -> None:
        """Go to a pair of the page; beyond its end lies the next page, before it the last one."""
        count, page = len(self._group.pairs) if self._group else 0, self._look.page
        if place >= count == PAIRS_SHOWN:
            self._change(page=page + 1, pair=0)
        elif place < 0 < page:
            self._change(page=page - 1, pair=PAIRS_SHOWN - 1)
        else:
            self._change(pair=max(0, min(place, count - 1)))

    def action_next_view(self) -> None:
        """Show what comes after the scores, and in the end these again."""
        views = VIEWS if self.is_narrow else VIEWS[1:]
        place = views.index(self._look.view) if self._look.view in views else 0
        self._change(view=views[(place + 1) % len(views)])

    def action_show_scores(self) -> None:
        """Go back to the scores."""
        self._change(view="scores")

    def action_compare(self) -> None:
        """Compare other texts: where drift happens."""
        names = tuple(COMPARED)
        place = names.index(self._look.compared)
        self._change(compared=names[(place + 1) % len(names)])

    def action_order(self) -> None:
        """Order the pairs in another way, and show them."""
        place = ORDERS.index(self._look.order)
        self._change(order=ORDERS[(place + 1) % len(ORDERS)], view="pairs", page=0, pair=0)

    def action_open(self) -> None:
        """Show the pairs of the group; among them, open one."""
        pairs = self._group.pairs if self._group else ()
        if self._look.view != "pairs":
            self._change(view="pairs")
        elif pairs:
            dialog = PairDialog(
                pairs, min(self._look.pair, len(pairs) - 1), self._labels, self.keymap,
                read=self._texts,
            )  # fmt: skip
            self.app.push_screen(dialog, self._come_back)

    async def action_exclude(self) -> None:
        """Leave the chosen pair out of training, or take it back in."""
        pair, desk = self._pair, self._desk
        if pair is not None and desk is not None:
            key = self.keymap.shown("drift.exclude")
            back = f"Left out of training; {key} takes it back in."
            said = "Taken back into training." if pair.is_excluded else back
            await self._decide(lambda: desk.exclude(pair), said)

    async def action_ask_again(self) -> None:
        """Leave the chosen pair out, and have its seed asked about again by the next run."""
        pair, desk = self._pair, self._desk
        if pair is not None and desk is not None:
            key = self.keymap.shown("drift.undo")
            said = f"Left out; the next run writes another question for its seed. {key} undoes it."
            await self._decide(lambda: desk.send_back(pair), said)

    async def _decide(self, call: "Callable[[], DriftedPair]", said: str) -> None:
        """Decide on the chosen pair, and show it as it is then."""
        place, changed = self._look.pair, await self.write(call)
        if changed is not None and self._group is not None:
            pairs = (*self._group.pairs[:place], changed, *self._group.pairs[place + 1 :])
            self._group = replace(self._group, pairs=pairs)
            self._show()
            self.say(said)

    async def action_undo(self) -> None:
        """Undo the person's newest action, whatever it was, and read the group again."""
        desk = self._desk
        action = await self.write(desk.undo) if desk is not None else None
        if action is not None:
            self._read_group()
            self.say(f"Undid: {DONE.get(action.kind, action.kind)}.")

    @property
    def _pair(self) -> "DriftedPair | None":
        """The chosen pair, where pairs are looked at."""
        pairs = self._group.pairs if self._group else ()
        is_there = self._look.view == "pairs" and self._look.pair < len(pairs)
        return pairs[self._look.pair] if is_there else None

    async def _texts(self, pair: "DriftedPair") -> "Pair | None":
        desk = self._desk
        return await self.write(lambda: desk.texts(pair)) if desk is not None else None

    def _come_back(self, place: int | None) -> None:
        if place is not None:
            self._change(pair=place)
