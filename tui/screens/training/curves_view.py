"""Learning curves as a framed chart."""

from typing import Final

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive

from tui.keys.keymap import Keymap
from tui.screens.training.pictures import picture_of
from tui.screens.training.views import Drawing, Quantity
from tui.screens.training.wording import NO_CURVE
from tui.widgets.plot.plot import Plot

TITLES: Final[dict[Quantity, str]] = {"loss": "Training loss", "learning rate": "Learning rate"}


class CurvesView(Vertical):
    """A chart with its quantity as title. The parent sets `drawing`."""

    drawing: reactive[Drawing] = reactive(Drawing(), init=False)

    def __init__(self, keymap: Keymap) -> None:
        super().__init__(id="curves")
        self._keymap = keymap
        self._plot = Plot()

    def compose(self) -> ComposeResult:
        """Put the chart into its frame."""
        yield self._plot

    def on_mount(self) -> None:
        """Say that there is no curve yet."""
        self._show()

    def watch_drawing(self) -> None:
        """Draw other curves."""
        self._plot.picture = picture_of(self.drawing)
        self._show()

    def _show(self) -> None:
        drawing = self.drawing
        title = TITLES[drawing.quantity]
        if not drawing.curves:
            self.border_title = Content(f"{title}: {NO_CURVE}")
            return
        key = self._keymap.shown("training.smoothing")
        smoothing = f"smoothing {drawing.smoothing:g}" if drawing.smoothing else "not smoothed"
        parts = [title, *([f"{smoothing} ({key})"] if drawing.quantity == "loss" else [])]
        if drawing.seeds:
            which = "mean and range of" if drawing.is_spread else "each of"
            parts.append(f"{which} {len(drawing.seeds)} seeds")
        self.border_title = Content(", ".join(parts))
