"""What scenarios were drawn with: two dimensions as a grid of counts, or the single values."""

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.types import CSSPathType

from store.counting import counted
from tui.keys.bindings import bindings
from tui.keys.keymap import Keymap
from tui.screens.dialogs.frame import FRAME_STYLE, Dialog
from tui.screens.pipeline.coverage_text import draw_grid, draw_values
from tui.widgets.pane import Pane
from tui.widgets.plain import plain

if TYPE_CHECKING:
    from tui.services.results.coverage import CoverageGrids, PairCoverage

NOTHING = "No scenario could be read yet. `backquery invent --n 200` writes some."


class CoverageDialog(Dialog[None]):
    """A heat map of two dimensions, which the arrows change, or the table of single values."""

    SCOPE = "coverage"
    CSS_PATH: ClassVar[CSSPathType | None] = [FRAME_STYLE, "coverage_dialog.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("coverage")]

    def __init__(self, found: "CoverageGrids", keymap: Keymap) -> None:
        super().__init__("", keymap)
        self._found = found
        self._names = tuple(dict.fromkeys(item.dimension for item in found.values))
        self._places = [0, min(1, len(self._names) - 1)]  # of the first and the second dimension
        self._shows_values = len(self._names) < len(self._places)
        self._pane = Pane(id="coverage")

    def compose(self) -> ComposeResult:
        """Lay out the picture."""
        yield self.boxed(self._pane)

    def on_mount(self) -> None:
        """Draw once there is room."""
        self.call_after_refresh(self._show)

    def on_resize(self) -> None:
        """Draw to the new width."""
        self.call_after_refresh(self._show)

    @property
    def _pair(self) -> "PairCoverage":
        """The grid of the two dimensions, in the order of the problem."""
        first, second = (self._names[place] for place in sorted(self._places))
        return next(
            item for item in self._found.pairs if (item.first, item.second) == (first, second)
        )

    def _show(self) -> None:
        width = self._pane.size.width
        scenarios = counted(self._found.scenarios, "scenario")
        if not self._found.scenarios:
            self._pane.set_title(plain("Coverage"))
            self._pane.show(Content(NOTHING))
        elif self._shows_values:
            self._pane.set_title(plain(f"Values: {scenarios}, and texts of each label"))
            self._pane.show(draw_values(self._found))
        else:
            pair = self._pair
            empty = sum(not count for row in pair.scenarios for count in row)
            cells = counted(len(pair.first_values) * len(pair.second_values), "cell")
            gaps = f"{empty or 'none'} of {cells} empty"
            title = f"{pair.first} × {pair.second}: {gaps}, {scenarios}"
            self._pane.set_title(plain(title))
            self._pane.show(draw_grid(pair, width))

    def action_choose(self, side: int, by: int) -> None:
        """Turn to another dimension on one side; the two always differ."""
        count = len(self._names)
        if self._shows_values or count < len(self._places):
            self._pane.scroll_lines(by)
            return
        place = (self._places[side] + by) % count
        if place == self._places[1 - side]:
            place = (place + by) % count
        self._places[side] = place
        self._show()

    def action_turn(self) -> None:
        """Show single values, or the grid again; with one dimension there is no grid."""
        self._shows_values = not self._shows_values or len(self._names) < len(self._places)
        self._show()

    def action_scroll(self, pages: int) -> None:
        """Scroll by what is seen."""
        self._pane.scroll_pages(pages)
