"""The views of the chosen group, of which one is shown."""

from textual.reactive import reactive
from textual.widgets import ContentSwitcher

from tui.frame.calls import Calls
from tui.frame.snapshot import Labels
from tui.keys.keymap import Keymap
from tui.screens.drift.distribution import DistributionTable
from tui.screens.drift.labels import LabelFlowTable
from tui.screens.drift.map import DriftMap
from tui.screens.drift.over_time import OverTimeView
from tui.screens.drift.pairs import PairsView
from tui.screens.drift.production import ProductionTable
from tui.screens.drift.spread import SpreadView
from tui.screens.drift.views import Subject
from tui.screens.drift.ways import WaysView


class GroupViews(ContentSwitcher):
    """Each view reads what it shows. The parent sets `subject` and `current`."""

    subject: reactive[Subject | None] = reactive(None, init=False)

    def __init__(self, calls: Calls, keymap: Keymap, labels: Labels) -> None:
        self.pairs = PairsView(calls, keymap, labels)
        self.map = DriftMap(calls, labels)
        self._spread = SpreadView(calls)
        self._labels = LabelFlowTable(calls, labels)
        self._ways = WaysView(calls)
        self._distribution = DistributionTable(calls)
        self._over_time = OverTimeView(calls)
        self._production = ProductionTable(calls)
        views = (
            self._spread, self.map, self._labels, self._ways, self._distribution,
            self._over_time, self._production, self.pairs
        )  # fmt: skip
        super().__init__(*views, initial="spread")
        self._views = views

    @property
    def is_map_shown(self) -> bool:
        """Whether the map is what is shown."""
        return self.current == "map"

    @property
    def are_pairs_shown(self) -> bool:
        """Whether pairs are what is shown."""
        return self.current == "pairs"

    def watch_subject(self, subject: Subject | None) -> None:
        """Let each view be about it."""
        for view in self._views:
            view.subject = subject

    def move(self, by: int) -> bool:
        """Move within the view; whether it has rows of its own to move among."""
        if self.is_map_shown:
            self.map.move("down" if by > 0 else "up")
            return True
        for view in (self.pairs, self._ways, self._distribution, self._over_time, self._production):
            if view.id == self.current:
                view.move(by)
                return True
        return False
