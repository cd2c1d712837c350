"""The views of the chosen detector, of which one is shown."""

from typing import cast

from textual.reactive import reactive
from textual.widgets import ContentSwitcher

from tui.frame.calls import Calls
from tui.frame.snapshot import Labels
from tui.keys.keymap import Keymap
from tui.screens.accuracy.cells import CellsView
from tui.screens.accuracy.chart_pane import ChartPane
from tui.screens.accuracy.curves import CurvesView
from tui.screens.accuracy.measures import MeasuresView
from tui.screens.accuracy.rates import RatesView
from tui.screens.accuracy.row_list import RowList
from tui.screens.accuracy.slices import SlicesView
from tui.screens.accuracy.two import TwoView
from tui.screens.accuracy.views import Subject, View

AnyView = MeasuresView | ChartPane | RatesView | TwoView | CellsView | CurvesView | SlicesView


class DetectorViews(ContentSwitcher):
    """The parent sets `subject`; only the view that is shown reads what it needs of it."""

    subject: reactive[Subject | None] = reactive(None, init=False)

    def __init__(self, calls: Calls, keymap: Keymap, labels: Labels) -> None:
        self._two = TwoView(calls, keymap, labels)
        self._cells = CellsView(calls, keymap, labels)
        self._curves = CurvesView(calls, keymap)
        self._slices = SlicesView(calls, keymap)
        self._views: dict[View, AnyView] = {
            "measures": MeasuresView(keymap, labels),
            "chart": ChartPane(keymap, id="chart"),
            "rates": RatesView(keymap),
            "compare": self._two,
            "rows": self._cells,
            "curves": self._curves,
            "slices": self._slices,
        }
        super().__init__(*self._views.values(), initial="measures")

    @property
    def shown(self) -> View:
        """The view that is shown."""
        return cast(View, self.current)

    @property
    def rows(self) -> RowList | None:
        """The list of rows in the view that is shown."""
        return {"compare": self._two.rows, "rows": self._cells.rows}.get(self.shown)

    def show(self, view: View) -> None:
        """Show a view from its begin."""
        self.current = view
        self._two.begin()
        self._cells.begin()
        self._views[view].subject = self.subject

    def watch_subject(self, subject: Subject | None) -> None:
        """Let the view that is shown be about it."""
        self._views[self.shown].subject = subject

    def move(self, by: int) -> bool:
        """Choose another line of the view; whether it has lines of its own."""
        view = self._views[self.shown]
        if isinstance(view, (MeasuresView, ChartPane, RatesView, CurvesView)):
            return False
        view.move(by)
        return True

    def turn(self, by: int) -> bool:
        """Choose the cell beside, another curve, or lengths; whether the view has any."""
        if self.shown == "rows" and not self._cells.rows.is_entered:
            self._cells.turn(by)
        elif self.shown == "curves":
            self._curves.turn(by)
        else:
            return self.shown == "slices" and self._slices.turn()
        return True
