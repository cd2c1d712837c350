"""Ways of asking beside each other, over the tests of their differences."""

from typing import TYPE_CHECKING, Final

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.reactive import reactive

from tui.frame.calls import Calls
from tui.screens.drift.messages import WaysRead
from tui.screens.drift.reading import SeenFigures
from tui.screens.drift.views import Subject
from tui.screens.drift.wording import COMPARED, COUNTING
from tui.services.numbers import show_difference, show_number, show_percent
from tui.widgets.table import Column, Row, Table

if TYPE_CHECKING:
    from tui.services.results.ways import PairedWays, Way, Ways

WAY_COLUMNS: Final = (
    Column("way", right=True),
    Column("seeds", right=True),
    Column("answer", right=True),
    Column("quest.", right=True),
    Column("a–q", right=True),
    Column("stays %"),
    Column("what differs", flexible=True),
)
PAIRED_COLUMNS: Final = (
    Column("ways", right=True),
    Column("compared", flexible=True),
    Column("seeds", right=True),
    Column("difference of F1 (95 %)"),
    Column("p", right=True),
)


class WaysView(Vertical):
    """Two tables, the second only where ways were compared; read once it is seen.

    The parent sets `subject`.
    """

    subject: reactive[Subject | None] = reactive(None, init=False)

    def __init__(self, calls: Calls) -> None:
        super().__init__(id="ways")
        self._figures: SeenFigures[Ways] = SeenFigures(self, calls, _read)
        self._ways = Table(WAY_COLUMNS)
        self._paired = Table(PAIRED_COLUMNS, id="paired")
        self._paired.set_title("Paired over the seeds that both ways asked about")

    def compose(self) -> ComposeResult:
        """Lay the ways over their differences."""
        yield self._ways
        yield self._paired

    def watch_subject(self, before: Subject | None, subject: Subject | None) -> None:
        """Read again where the figures have changed."""
        if self._figures.forget_outdated(before, subject):
            self._show()
            self._figures.ask(subject)

    def on_show(self) -> None:
        """Read what was not read yet."""
        self._figures.ask(self.subject)

    def on_ways_read(self, message: WaysRead) -> None:
        """Show the ways."""
        message.stop()
        if self._figures.take(self.subject, message.stamp, message.ways):
            self._show()

    def _show(self) -> None:
        ways = self._figures.found
        state = "" if ways and ways.ways else ": there is only one"
        if ways is None:
            state = f" ({COUNTING})"
        self._ways.set_title(f"Ways of asking{state}")
        found = enumerate(ways.ways if ways else ())
        self._ways.show(WAY_COLUMNS, [way_row(number, way) for number, way in found])
        paired = ways.paired if ways else ()
        self._paired.display = bool(paired)
        self._paired.show(PAIRED_COLUMNS, [paired_row(test) for test in paired])

    def move(self, by: int) -> None:
        """Scroll the lower one of the tables that are shown."""
        (self._paired if self._paired.display else self._ways).scroll_rows(by)


def _read(subject: Subject) -> WaysRead:
    return WaysRead(subject.stamp, subject.desk.ways(subject.config_hash))


def way_row(number: int, way: "Way") -> Row:
    """A way of asking, for WAY_COLUMNS."""
    figures = (show_number(f1) for f1 in (way.answer_seed, way.query_seed, way.answer_query))
    return (str(number), f"{way.seeds:,}", *figures, show_percent(way.stays), way.describe())


def paired_row(test: "PairedWays") -> Row:
    """The difference between two ways, for PAIRED_COLUMNS."""
    return (
        f"{test.second} − {test.first}", COMPARED[test.comparison], f"{test.n:,}",
        show_difference(test.difference), "–" if test.p is None else f"{test.p:.2g}",
    )  # fmt: skip
