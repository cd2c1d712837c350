"""Loop: what deployed guards do over time, and what their rows teach the next detector."""

from collections.abc import Iterable
from typing import Final

from textual.widget import Widget

from tui.frame.calls import Calls
from tui.frame.snapshot import Snapshot
from tui.keys.keymap import Keymap
from tui.screens.work_screen import WorkScreen
from tui.widgets.empty_state import EmptyState

NOTHING: Final = (
    "What a deployed guard flagged will appear here over time, once its log has been imported: "
    "`backquery import LOG --dataset NAME --role production`."
)


class LoopScreen(WorkScreen):
    """What to import, before there is a log."""

    SCOPE = "loop"

    def __init__(self, workspace_name: str, calls: Calls, keymap: Keymap) -> None:
        super().__init__(workspace_name, calls, keymap)
        self._empty = EmptyState(NOTHING, keymap, self.SCOPE)

    def compose_body(self) -> Iterable[Widget]:
        """Say what there will be."""
        return (self._empty,)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Say what to do next."""
        self._empty.snapshot = snapshot
        self.show_empty(True)
