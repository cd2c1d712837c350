"""Queues of production: how far each is labelled, and what its random rows say of all."""

from typing import TYPE_CHECKING, Final

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from store.counting import counted
from tui.frame.asking import Asking
from tui.frame.calls import Calls
from tui.screens.loop.messages import QueuesRead
from tui.services.inert import one_line
from tui.services.logged_words import show_local
from tui.services.numbers import show_percent
from tui.widgets.plain import plain
from tui.widgets.table import Column, Row, Table

if TYPE_CHECKING:
    from tui.screens.loop.desk import LoopDesk
    from tui.services.results.queue import QueuedRows, Queues, QueueState

COLUMNS: Final = (
    Column("queue"),
    Column("strategy"),
    Column("left", right=True),
    Column("prevalence %", right=True),
    Column("precision %", right=True),
    Column("chosen", right=True, optional=True),
    Column("positive", right=True, optional=True),
    Column("random", right=True, optional=True),
    Column("positive", right=True, optional=True),
)
NOTHING: Final = (
    "Rows that are worth a key are labelled one by one on the screen Label, as a queue."
)
LEGEND: Final = (
    "Prevalence, and the guard's precision, are by the labelled random rows alone, of those that "
    "waited then; 95 % intervals (Wilson)."
)


class QueuesView(Vertical):
    """A table over what to do next. `desk` is set before anything is asked."""

    desk: "LoopDesk"

    def __init__(self, calls: Calls) -> None:
        super().__init__(id="queues", classes="figures short")
        self._asking = Asking(self, calls)
        self._dataset = ""
        self._table = Table(COLUMNS)
        self._said = Static(classes="said", markup=False)

    def compose(self) -> ComposeResult:
        """Lay the queues over what to do next."""
        yield self._table
        yield self._said

    def read(self, dataset: str) -> None:
        """Read the queues of a dataset; those that are shown stay until they are there."""
        self._dataset, desk = dataset, self.desk
        self._asking.read("queues", lambda: QueuesRead(desk.queues(dataset)))

    def on_queues_read(self, message: QueuesRead) -> None:
        """Show queues, unless those of another dataset are on their way."""
        message.stop()
        if message.queues.dataset == self._dataset:
            self._show(message.queues)

    def _show(self, found: "Queues") -> None:
        self._table.display = bool(found.queues)
        self._table.set_title(
            f"{one_line(found.dataset, 40)}: {counted(len(found.queues), 'queue')}"
        )
        self._table.show(COLUMNS, [_row(item) for item in found.queues])
        said = [LEGEND if found.queues else NOTHING, one_line(found.next_step)]
        self._said.update(plain("\n".join(said)))


def _row(item: "QueueState") -> Row:
    return (
        show_local(item.selected_at), item.strategy, f"{item.chosen.left + item.drawn.left:,}",
        show_percent(item.prevalence), show_percent(item.precision),
        *_progress(item.chosen), *_progress(item.drawn),
    )  # fmt: skip


def _progress(rows: "QueuedRows") -> tuple[str, str]:
    """The labelled rows of all, and the positive ones among them."""
    return f"{rows.labelled:,} of {rows.rows:,}", f"{rows.positives:,}"
