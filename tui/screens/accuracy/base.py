"""The accuracy screen without its actions: how it shows what was read."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from tui.frame.calls import Calls
from tui.frame.snapshot import Labels, Snapshot
from tui.keys.keymap import Keymap
from tui.screens.accuracy.look import LISTING
from tui.screens.accuracy.matrix import ConfusionMatrix
from tui.screens.accuracy.matrix_cursor import CellGrid
from tui.screens.accuracy.reads import AccuracyReads
from tui.screens.accuracy.tables import (
    ALARM_COLUMNS,
    GROUP_COLUMNS,
    MARK,
    SLICE_COLUMNS,
    SPREAD_COLUMNS,
    alarm_row,
    describe_group,
    group_row,
    listed_row,
    measure_columns,
    measure_row,
    row_columns,
    slice_row,
    spread_row,
)
from tui.screens.accuracy.views import ROWS_SHOWN, AccuracyView
from tui.screens.accuracy.wording import (
    EVALUATE,
    HOW_TO_READ,
    NOT_MARKED,
    WAITING,
    describe_areas,
    describe_difference,
)
from tui.services.inert import one_line
from tui.widgets.empty_state import EmptyState
from tui.widgets.plain import plain
from tui.widgets.table import Table

if TYPE_CHECKING:
    from tui.screens.accuracy.chart import AccuracyChart

INTERVALS_FROM = 150  # columns; seven measures with intervals fit beside a name then
NARROW_NAME, WIDE_NAME = 10, 16  # of a detector in a heading
CURVES = ("precision against recall", "by threshold", "calibration")


class AccuracyBase(AccuracyReads):
    """Detectors over the chosen one's matrix, or one of the further views."""

    def __init__(self, workspace_name: str, calls: Calls, keymap: Keymap, labels: Labels) -> None:
        super().__init__(workspace_name, calls, keymap)
        self.labels = labels
        self._detectors = Table((), id="detectors")
        self._matrix = ConfusionMatrix(labels)
        self._spread = Table(SPREAD_COLUMNS, id="spread")
        self._words = Static(id="words", markup=False)
        self._cells = CellGrid(labels)
        self._groups = Table(GROUP_COLUMNS, id="groups")
        self._rows = Table((), id="rows")
        self._slices = Table(SLICE_COLUMNS, id="slices")
        self._charts: tuple[AccuracyChart, ...] = ()
        self._frame = Horizontal(id="curves")
        self._legend = Static(id="legend", markup=False)
        self._empty = EmptyState(
            f"Detectors will be compared here once one has been evaluated: {EVALUATE}.", keymap
        )

    def compose_body(self) -> Iterable[Widget]:
        """Lay out what the views are made of."""
        from tui.screens.accuracy.chart import AccuracyChart  # here, for it takes 0.3 s to import

        self._charts = tuple(AccuracyChart() for _ in CURVES)
        yield self._empty
        yield self._words
        yield self._detectors
        yield self._matrix
        yield self._spread
        yield self._cells
        yield self._groups
        yield self._rows
        yield self._slices
        yield self._frame
        yield self._legend

    async def on_mount(self) -> None:
        """Put the charts into their frame."""
        await self._frame.mount(*self._charts)
        self.show_look()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Say what is next where there is nothing to show."""
        self._empty.snapshot = snapshot
        super().show_snapshot(snapshot)

    def on_resize(self) -> None:
        """Show as much as there is room for."""
        self.show_look()

    def show_look(self) -> None:
        """Show the view that is looked at, as far as it was read."""
        view, look = self.view, self.look
        is_empty = not self.datasets
        is_listing, is_inside = look.view in LISTING, look.is_inside and bool(self.grid)
        self.show_empty(is_empty)
        self._empty.display = is_empty
        self._detectors.display = not is_empty and look.view == "measures"
        self._matrix.display = self._detectors.display and view is not None
        self._spread.display = False
        over_rows = is_listing and not (is_inside and self.is_narrow)
        self._groups.display = over_rows and look.view == "compare"
        self._cells.display = over_rows and look.view == "rows"
        self._words.display = not is_empty and (
            look.view == "curves" or (look.view == "compare" and self._groups.display)
        )
        self._rows.display = is_listing and (is_inside or not self.is_narrow or look.view == "rows")
        self._slices.display = not is_empty and look.view == "slices"
        self._frame.display = not is_empty and look.view == "curves"
        self._legend.display = not is_empty and not (self.is_narrow and look.view == "measures")
        if is_empty or view is None:
            self._detectors.set_title(f"{self._named_dataset}: {WAITING}")
            return
        name = "alarms" if look.view == "measures" and view.alarms else look.view
        self._legend.update(Content(HOW_TO_READ[name].format(mark=MARK)))
        if look.view == "measures":
            self._show_measures(view)
        elif look.view == "curves":
            self._show_curves(view)
        elif look.view == "slices":
            self._show_slices()
        else:
            if look.view == "compare":
                self._show_sides(view)
            else:
                self._show_cells()
            self._show_rows()

    @property
    def _named_dataset(self) -> str:
        dataset, all_of_them = self.dataset, self.datasets or ()
        if dataset is None:
            return ""
        kinds = ("benchmark", "production")
        kind = next((kind for kind in kinds if kind in dataset.roles), "dataset").capitalize()
        key = self.keymap.shown("accuracy.next_benchmark")
        which = f" ({all_of_them.index(dataset) + 1} of {len(all_of_them)}, {key})"
        return f"{kind} {one_line(dataset.dataset)}{which if len(all_of_them) > 1 else ''}"

    @property
    def _named_detector(self) -> str:
        judge = self.judge(self.look.detector)
        name = f"{one_line(judge.detector)}, n = {judge.n:,}" if judge else ""
        return f"{name}, on {one_line(self.look.dataset)}"

    def _show_measures(self, view: AccuracyView) -> None:
        look, wide = self.look, self.size.width >= INTERVALS_FROM
        shown = self.shown_judges
        places = [judge.detector_id for judge in shown]
        if view.alarms:
            columns, rows = ALARM_COLUMNS, [
                alarm_row(view, judge, is_marked=judge.detector_id == look.marked)
                for judge in shown
            ]  # fmt: skip
        else:
            columns, rows = measure_columns(), [
                measure_row(
                    scores, is_marked=scores.detector_id == look.marked, is_whole=view.is_whole,
                    with_intervals=wide,
                )
                for scores in view.scores
            ]  # fmt: skip
        self._detectors.set_title(self._named_dataset)
        chosen = places.index(look.detector) if look.detector in places else None
        self._detectors.show(columns, rows, chosen)
        self._matrix.positive = view.positive
        self._matrix.is_whole, self._matrix.is_collapsed = view.is_whole, look.is_collapsed
        self._matrix.scores = view.scores_of(look.detector)
        several = [item for item in view.spread if item.seeds > 1]
        self._spread.display = bool(several) and not self.is_narrow
        self._spread.set_title("Over seeds: mean ± sample standard deviation, per cent")
        self._spread.show(SPREAD_COLUMNS, [spread_row(item) for item in several])

    def _show_cells(self) -> None:
        self._cells.border_title = plain(f"Rows of {self._named_detector}")
        self._cells.total = sum(judge.n for judge in self.compared)
        self._cells.grid, self._cells.place = self.grid, self.place

    def _show_sides(self, view: AccuracyView) -> None:
        if not self.compared:
            key = self.keymap.shown("accuracy.mark")
            self._groups.display = self._rows.display = False
            self._words.display = True
            self._words.update(Content(NOT_MARKED.format(key=key)))
            return
        first, second = self.compared
        lines = describe_difference(view, first, second, self.pair, is_read=self.is_pair_read)
        self._words.update(Content("\n".join(lines)))
        sides = [group for row in self.grid for group in row]
        names, total = (first.detector, second.detector), sum(side.count for side in sides)
        against = " against ".join(one_line(name) for name in names)
        self._groups.set_title(f"{against}, n = {total:,}, on {one_line(self.look.dataset)}")
        rows = [group_row(side, total, names, self.labels) for side in sides]
        self._groups.show(GROUP_COLUMNS, rows, self.place[0] if sides else None)

    def _show_rows(self) -> None:
        look, group, rows = self.look, self.group, self.rows
        names = [judge.detector for judge in self.compared]
        if group is None:
            self._rows.show((), [])
            self._rows.set_title("No rows")
            return
        _, text = describe_group(group, names, self.labels)
        first = look.page * ROWS_SHOWN
        places = f" ({first + 1:,}–{first + len(rows):,} of {group.count:,})" if rows else ""
        places = places if group.count else ": no rows"
        waiting = f" ({WAITING})" if rows is None else ""
        self._rows.set_title(f"{one_line(text)}{places}{waiting}")
        chosen = min(look.row, len(rows) - 1) if rows and look.is_inside else None
        lines = [listed_row(row, self.labels) for row in rows or ()]
        self._rows.show(
            row_columns(names, NARROW_NAME if self.is_narrow else WIDE_NAME), lines, chosen
        )

    def _show_slices(self) -> None:
        found = self.slices
        title = f"Slices of {self._named_detector}"
        if found is None:
            title += f" ({WAITING})"
        elif not found:
            title += ": all rows are alike in group, origin, script and length, or have no label"
        self._slices.set_title(title)
        chosen = min(self.look.line, len(found) - 1) if found else None
        self._slices.show(SLICE_COLUMNS, [slice_row(row) for row in found or ()], chosen)

    def _show_curves(self, view: AccuracyView) -> None:
        curve, scores = self.curve, view.scores_of(self.look.detector)
        precision, thresholds, calibration = self._charts
        if curve is not None:
            precision.show_precision(curve)
            thresholds.show_thresholds(curve)
        if scores is not None:
            calibration.show_reliability(scores)
        self._words.update(Content(self._describe_curves(view)))
        for place, chart in enumerate(self._charts):
            chart.display = not self.is_narrow or place == self.look.curve
            key = self.keymap.shown("accuracy.right")
            which = f" ({place + 1} of {len(CURVES)}, {key})" if self.is_narrow else ""
            chart.border_title = Content(f"{CURVES[place]}{which}")

    def _describe_curves(self, view: AccuracyView) -> str:
        curve, scores = self.curve, view.scores_of(self.look.detector)
        if scores is None:
            return f"{self._named_detector}: no row with a label was judged."
        if curve is None or not view.is_whole:
            return f"{self._named_detector}: {WAITING}"
        if not curve.n:
            return f"{self._named_detector}: no row has a probability."
        return describe_areas(self._named_detector, scores, curve)
