"""The rounds of the loop: what each found of the deployed detector, and what came of it."""

from typing import TYPE_CHECKING, Final

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from store.counting import counted
from tui.frame.asking import Asking
from tui.frame.calls import Calls
from tui.screens.loop.messages import RoundsRead
from tui.services.inert import one_line
from tui.services.numbers import show_percent, show_rate
from tui.services.results.round_words import describe_round
from tui.widgets.plain import plain
from tui.widgets.table import Column, Row, Table

if TYPE_CHECKING:
    from tui.screens.loop.desk import LoopDesk
    from tui.services.results.rounds import RoundResult, Rounds

COLUMNS: Final = (
    Column("round", right=True),
    Column("verdict"),
    Column("per 1,000", right=True),
    Column("precision %", right=True),
    Column("recall %", right=True),
    Column("keys", right=True),
    Column("alarms per 1,000", right=True, optional=True),
    Column("minutes", right=True, optional=True),
    Column("records", right=True, optional=True),
    Column("deployed", flexible=True, named=True, optional=True),
    Column("successor", flexible=True, named=True, optional=True),
)
NOTHING: Final = (
    "A round goes from a guard's log by your labels to its successor, and compares both: "
    "`backquery round --on {dataset}` begins one, and says what is due of you."
)
LEGEND: Final = "95 % intervals. Per 1,000: interventions, and false alarms, of what the guard saw."


class RoundsView(Vertical):
    """A table over what came of the chosen round. `desk` is set before anything is asked."""

    desk: "LoopDesk"

    def __init__(self, calls: Calls) -> None:
        super().__init__(id="rounds", classes="figures short")
        self._asking = Asking(self, calls)
        self._dataset = ""
        self._found: Rounds | None = None
        self._place = 0
        self._table = Table(COLUMNS)
        self._said = Static(classes="said", markup=False)

    def compose(self) -> ComposeResult:
        """Lay the rounds over what came of one."""
        yield self._table
        yield self._said

    def read(self, dataset: str) -> None:
        """Read the rounds of a dataset; those that are shown stay until they are there."""
        self._dataset, desk = dataset, self.desk
        self._asking.read("rounds", lambda: RoundsRead(desk.rounds(dataset)))

    def on_rounds_read(self, message: RoundsRead) -> None:
        """Show rounds, the last one chosen, unless those of another dataset are on their way."""
        message.stop()
        if message.rounds.dataset == self._dataset:
            before, self._found = self._found, message.rounds
            if before is None or before.dataset != self._dataset:
                self._place = len(message.rounds.rounds) - 1
            self.move(0)

    @property
    def chosen(self) -> "RoundResult | None":
        """The chosen round."""
        found = self._found
        return found.rounds[self._place] if found and found.rounds else None

    @property
    def text(self) -> Content | None:
        """All of the chosen round, also what a narrow table has no room for."""
        chosen, found = self.chosen, self._found
        return describe_all(chosen, found.method) if chosen and found else None

    def move(self, by: int) -> None:
        """Choose a later round, or an earlier one."""
        found = self._found
        if found is None:
            return
        self._place = max(min(self._place + by, len(found.rounds) - 1), 0)
        name = one_line(found.dataset, 40)
        chosen = self.chosen
        self._table.display = chosen is not None
        self._table.set_title(f"{name}: {counted(len(found.rounds), 'round')}")
        self._table.show(COLUMNS, [_row(item) for item in found.rounds], self._place)
        said = f"{describe_round(chosen)}\n{LEGEND}" if chosen else NOTHING.format(dataset=name)
        self._said.update(plain(said))


def _row(item: "RoundResult") -> Row:
    figures = item.figures
    return (
        str(item.number), _verdict(item), show_rate(figures.per_1000),
        show_percent(figures.precision), show_percent(figures.recall), f"{figures.keys:,}",
        show_rate(figures.false_alarms), f"{figures.minutes:.1f}", f"{figures.records:,}",
        item.deployed, item.successor or "–",
    )  # fmt: skip


def _verdict(item: "RoundResult") -> str:
    return item.figures.verdict or ("–" if item.is_finished else "not finished")


def describe_all(item: "RoundResult", method: str) -> Content:
    """Every figure of a round on a line, then what came of it."""
    figures = item.figures
    lines = (
        ("round", str(item.number)),
        ("deployed", item.deployed),
        ("records", f"{figures.records:,}, {figures.flagged:,} flagged"),
        ("interventions per 1,000", show_rate(figures.per_1000)),
        ("precision %", show_percent(figures.precision)),
        ("recall %", show_percent(figures.recall)),
        ("false alarms per 1,000", show_rate(figures.false_alarms)),
        ("keys", f"{figures.keys:,} in {figures.minutes:.1f} minutes"),
        ("successor", item.successor or "none yet"),
        ("verdict", _verdict(item)),
    )
    wide = max(len(name) for name, _ in lines)
    table = [
        Content.styled(f"{name:<{wide}}  ", "bold $accent") + plain(one_line(text))
        for name, text in lines
    ]
    said = [plain(one_line(describe_round(item))), Content(""), plain(f"{method}.", "$quiet")]
    return Content("\n").join([*table, Content(""), *said])
