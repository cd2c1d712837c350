"""Learning curves as a framed chart."""

from typing import TYPE_CHECKING, Final

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive

from tui.screens.training.views import Drawing, Quantity
from tui.screens.training.wording import NO_CURVE

if TYPE_CHECKING:
    from tui.screens.training.chart import CurveChart

TITLES: Final[dict[Quantity, str]] = {"loss": "Training loss", "learning rate": "Learning rate"}


class CurvesView(Vertical):
    """A chart with its quantity as title. The parent sets `drawing`."""

    drawing: reactive[Drawing] = reactive(Drawing(), init=False)

    def __init__(self) -> None:
        super().__init__(id="curves")
        self._chart: CurveChart

    def compose(self) -> ComposeResult:
        """Put the chart into its frame."""
        from tui.screens.training.chart import CurveChart  # here, for it takes 0.3 s to import

        self._chart = CurveChart()
        yield self._chart

    def on_mount(self) -> None:
        """Say that there is no curve yet."""
        self._show()

    def watch_drawing(self) -> None:
        """Draw other curves."""
        self._chart.show(self.drawing)
        self._show()

    def _show(self) -> None:
        self._chart.display = bool(self.drawing.curves)
        title = TITLES[self.drawing.quantity]
        self.border_title = Content(title if self.drawing.curves else f"{title}: {NO_CURVE}")
