"""All clusters as a map over the labelling screen; one that is opened becomes the current one."""

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, get_args

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.types import CSSPathType

from tui.frame.calls import Refused
from tui.keys.bindings import bindings
from tui.screens.dialogs.frame import FRAME_STYLE, Dialog
from tui.screens.label.labelling import Labelling
from tui.screens.label.map_colours import By, colour
from tui.widgets.cluster_map import ClusterMapView
from tui.widgets.map_layout import Direction
from tui.widgets.plain import plain

if TYPE_CHECKING:
    from tui.services.results.cluster_map import ClusterMap


class MapDialog(Dialog[str]):
    """Gives back the id of the cluster that was opened; begins at the cluster `here`.

    `read` blocks. A blind map is coloured by decision alone.
    """

    SCOPE = "map"
    CSS_PATH: ClassVar[CSSPathType | None] = [FRAME_STYLE, "map_dialog.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("map")]

    def __init__(
        self, labelling: Labelling, here: str, *, read: "Callable[[], ClusterMap]"
    ) -> None:
        super().__init__("Clusters", labelling.keymap)
        self._labelling = labelling
        self._here = here
        self._read = read
        self._by: By = "decision"
        self._map: ClusterMap | None = None
        self._view = ClusterMapView(labelling.labels.words)

    def compose(self) -> ComposeResult:
        """Lay out the map."""
        yield self.boxed(self._view)

    def on_mount(self) -> None:
        """Read the map while keys can still close it."""
        self._view.set_title(plain("Map (reading …)"))
        self.run_worker(self._fill(), exit_on_error=False)

    async def _fill(self) -> None:
        found = await self._labelling.make(self._read)
        if isinstance(found, Refused):
            self.dismiss(None)
            return
        self._map, made = found, self._labelling.labels.words.made
        if not found.planes:
            self._view.set_title(plain(f"No {made} of these clusters has an embedding"))
            return
        self._show()
        ids = [cluster.cluster_id for cluster in found.clusters]
        if self._here in ids:
            self._view.chosen = ids.index(self._here)

    @property
    def _is_blind(self) -> bool:
        return self._labelling.state.display.is_blind

    def _show(self) -> None:
        if self._map is not None and self._map.planes:
            decisions = self._labelling.state.work.decisions
            colouring = colour(self._map, decisions, self._by, self._labelling.labels)
            self._view.show(self._map, colouring, is_blind=self._is_blind)

    def action_move(self, direction: Direction) -> None:
        """Choose the cluster that lies next in a direction."""
        self._view.move(direction)

    def action_colour(self) -> None:
        """Turn to what is next to colour by, unless it is blind; a draw has no label."""
        names = get_args(By)[: 2 if self._labelling.labels.words.is_pair else None]
        if not self._is_blind:
            self._by = names[(names.index(self._by) + 1) % len(names)]
            self._show()

    def action_zoom(self) -> None:
        """Show only the predicted label of the chosen cluster, or all again."""
        self._view.zoom()

    def action_open(self) -> None:
        """Close, and go to the chosen cluster."""
        if self._map is not None and self._view.chosen is not None:
            self.dismiss(self._map.clusters[self._view.chosen].cluster_id)
