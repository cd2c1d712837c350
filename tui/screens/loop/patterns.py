"""Patterns of a dataset of production: what each is called, what was said of it, what it is."""

from typing import TYPE_CHECKING, Final

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from store.counting import counted
from tui.frame.asking import Asking
from tui.frame.calls import Calls
from tui.frame.snapshot import Labels
from tui.screens.loop.messages import PatternsRead
from tui.services.inert import one_line
from tui.services.results.pattern_words import describe_figures
from tui.widgets.plain import plain
from tui.widgets.table import Column, Row, Table

if TYPE_CHECKING:
    from store.clusters import Member
    from tui.screens.loop.desk import LoopDesk
    from tui.services.results.patterns import Pattern, Patterns

COLUMNS: Final = (
    Column("pattern", flexible=True),
    Column("rows", right=True),
    Column("said"),
    Column("label", flexible=True),
    Column("so"),
    Column("per 1,000", right=True),
    Column("read", right=True, optional=True),
    Column("representative", flexible=True, optional=True),
)
SELECTING: Final = (
    "`backquery patterns --on {dataset}` selects what the guard flagged and groups it."
)
LONGEST: Final = 600  # characters of a text
UNDECIDED: Final = "–"


class PatternsView(Vertical):
    """A table of patterns over the guard's precision. `desk` is set before anything is asked."""

    desk: "LoopDesk"

    def __init__(self, calls: Calls, labels: Labels) -> None:
        super().__init__(id="patterns")
        self._asking = Asking(self, calls)
        self._labels = labels
        self._dataset = ""
        self._found: Patterns | None = None
        self._place = 0
        self._table = Table(COLUMNS)
        self._figures = Static(id="figures", markup=False)

    def compose(self) -> ComposeResult:
        """Lay the table over the figures."""
        yield self._table
        yield self._figures

    def read(self, dataset: str) -> None:
        """Read the patterns of a dataset; those that are shown stay until they are there."""
        self._dataset, desk = dataset, self.desk
        self._asking.read("patterns", lambda: PatternsRead(desk.patterns(dataset)))

    def on_patterns_read(self, message: PatternsRead) -> None:
        """Show patterns, unless those of another dataset are on their way."""
        message.stop()
        if message.patterns.dataset == self._dataset:
            self._found = message.patterns
            self.move(0)

    @property
    def chosen(self) -> "Pattern | None":
        """The chosen pattern; None without any."""
        found = self._found.patterns if self._found is not None else ()
        return found[self._place] if found else None

    def move(self, by: int) -> None:
        """Choose a pattern further down, or up."""
        found = self._found
        if found is None:
            return
        self._place = max(min(self._place + by, len(found.patterns) - 1), 0)
        name = one_line(found.dataset, 40)
        self._table.set_title(f"{name}: {counted(len(found.patterns), 'pattern')}")
        rows = [self._row(item) for item in found.patterns]
        self._table.show(COLUMNS, rows, self._place if rows else None)
        lines = [*describe_figures(found)] if rows else [SELECTING.format(dataset=name)]
        self._figures.update(plain("\n".join(lines)))

    def _row(self, item: "Pattern") -> Row:
        label = self._labels.named(item.label) if item.label is not None else None
        return (
            one_line(item.name),
            f"{item.size:,}",
            item.said or UNDECIDED,
            (f"{label.glyph} {label.name}", label.style) if label else item.decision or UNDECIDED,
            item.finding or UNDECIDED,
            UNDECIDED if item.false_alarms is None else f"{item.false_alarms:.2f}",
            f"{item.audited + (item.label is not None):,}",
            one_line(item.representative.text, LONGEST),
        )


def describe_members(pattern: "Pattern", members: "tuple[Member, ...]") -> Content:
    """What is known of a pattern, and its rows, those nearest to the centre first."""
    by = f" by {', '.join(pattern.guards)}" if pattern.said and pattern.guards else ""
    said = f"{pattern.said}{by}, " if pattern.said else ""
    heading = f"{counted(pattern.size, 'row')}, {said}{', '.join(pattern.terms)}"
    lines = [Content.styled(one_line(heading), "$quiet")]
    for member in members:
        lines += [
            Content(""),
            Content.styled(f"row {member.rank + 1:,}", "bold $accent"),
            plain(one_line(member.text, LONGEST)),
        ]
    if pattern.size > len(members):
        nearest = f"Only the nearest {counted(len(members), 'row')} of {pattern.size:,}."
        lines += [Content(""), Content.styled(nearest, "$quiet")]
    return Content("\n").join(lines)
