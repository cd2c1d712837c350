"""Recall: the strata of a sample of what was not flagged, and what its labels say."""

from typing import TYPE_CHECKING, Final

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from store.counting import counted
from tui.frame.asking import Asking
from tui.frame.calls import Calls
from tui.screens.loop.messages import RecallsRead
from tui.screens.loop.views import Recalls
from tui.services.inert import one_line
from tui.services.results.recall_words import describe_flagger, describe_recall, describe_scores
from tui.widgets.plain import plain
from tui.widgets.table import Column, Table

if TYPE_CHECKING:
    from tui.screens.loop.desk import LoopDesk
    from tui.services.results.recall import Recall

COLUMNS: Final = (
    Column("score"),
    Column("rows", right=True),
    Column("drawn", right=True),
    Column("labelled", right=True),
    Column("misses", right=True),
)
NOTHING: Final = (
    "What a guard misses can be estimated from a labelled sample of what it did not flag: "
    "`backquery recall --on {dataset}` draws one, and Label shows it one row a key."
)


class RecallView(Vertical):
    """A table over sentences. `desk` is set before anything is asked."""

    desk: "LoopDesk"

    def __init__(self, calls: Calls) -> None:
        super().__init__(id="recall", classes="figures short")
        self._asking = Asking(self, calls)
        self._dataset = ""
        self._read: Recalls | None = None
        self._table = Table(COLUMNS)
        self._said = Static(classes="said", markup=False)
        self._place = 0

    def compose(self) -> ComposeResult:
        """Lay the strata over what they say."""
        yield self._table
        yield self._said

    def read(self, dataset: str) -> None:
        """Read the samples of a dataset; those that are shown stay until they are there."""
        self._dataset, desk = dataset, self.desk
        self._asking.read("recall", lambda: RecallsRead(desk.recalls(dataset)))

    def on_recalls_read(self, message: RecallsRead) -> None:
        """Show estimates, unless those of another dataset are on their way."""
        message.stop()
        if message.recalls.dataset == self._dataset:
            self._read = message.recalls
            self.turn(0)

    @property
    def several(self) -> bool:
        """Whether there are samples of several guards and detectors."""
        return self._read is not None and len(self._read.found) > 1

    def turn(self, by: int) -> None:
        """Show the sample of another detector, around the ends."""
        found = self._read.found if self._read else ()
        self._table.display = bool(found)
        if not found:
            name = one_line(self._dataset, 40)
            self._said.update(Content(NOTHING.replace("{dataset}", name)))
            return
        self._place = (self._place + by) % len(found)
        self._show(found[self._place], len(found))

    def _show(self, found: "Recall", samples: int) -> None:
        who = describe_flagger(found.name)
        self._table.set_title(f"{found.dataset}: not flagged by {who}, by score")
        place = f"{self._place + 1} of {counted(samples, 'sample')}" if samples > 1 else ""
        self._table.border_subtitle = plain(place)
        rows = [
            (
                describe_scores(item),
                f"{item.size:,}",
                f"{item.drawn:,}",
                f"{item.labelled:,}",
                f"{item.misses:,}",
            )
            for item in found.strata
        ]
        self._table.show(COLUMNS, rows)
        lines = [plain(one_line(line)) for line in describe_recall(found)]
        self._said.update(Content("\n").join(lines))
