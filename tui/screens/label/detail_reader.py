"""Reading what lies behind a cluster, unless a key comes before: a key must not wait."""

from functools import partial
from typing import TYPE_CHECKING, Final

from textual.timer import Timer
from textual.widget import Widget

from tui.screens.label.labelling import Labelling
from tui.screens.label.messages import DetailRead

if TYPE_CHECKING:
    from store.clusters import Cluster

PAUSE_S: Final = 0.1


class DetailReader:
    """Reads details, which `widget` gets as messages."""

    def __init__(self, widget: Widget, labelling: Labelling) -> None:
        self._widget = widget
        self._labelling = labelling
        self._pause: Timer | None = None

    def read_soon(self, cluster: "Cluster", group: str) -> None:
        """Read after a pause; another call takes the place of one that still waits."""
        if self._pause is not None:
            self._pause.stop()
        self._pause = self._widget.set_timer(PAUSE_S, partial(self._read, cluster, group))

    def _read(self, cluster: "Cluster", group: str) -> None:
        desk, key = self._labelling.desk, self._labelling.state.detail_key(cluster)
        if desk is not None:
            self._labelling.read(self._widget, group, lambda: DetailRead(desk.detail(cluster, key)))
