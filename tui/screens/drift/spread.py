"""How the scores of the chosen group are spread, as a framed chart."""

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive

from tui.frame.asking import Asking
from tui.frame.calls import Calls
from tui.screens.drift.messages import SpreadRead
from tui.screens.drift.views import Subject
from tui.screens.drift.wording import name_group

if TYPE_CHECKING:
    from tui.screens.drift.chart import SpreadChart


class SpreadView(Vertical):
    """A chart with the group in its title. The parent sets `subject`."""

    subject: reactive[Subject | None] = reactive(None, init=False)

    def __init__(self, calls: Calls) -> None:
        super().__init__(id="spread")
        self._asking = Asking(self, calls)
        self._chart: SpreadChart

    def compose(self) -> ComposeResult:
        """Put the chart into its frame."""
        from tui.screens.drift.chart import SpreadChart  # here, for it takes 0.3 s to import

        self._chart = SpreadChart()
        yield self._chart

    def watch_subject(self, subject: Subject | None) -> None:
        """Name the group and read its spread."""
        if subject is not None:
            self.border_title = Content(f"F1, {name_group(subject.group)}")
            self._asking.read(
                "spread",
                lambda: SpreadRead(
                    subject, subject.desk.spread(subject.config_hash, subject.group)
                ),
            )

    def on_spread_read(self, message: SpreadRead) -> None:
        """Draw the spread."""
        message.stop()
        if message.subject == self.subject:
            self._chart.show(message.spread)
