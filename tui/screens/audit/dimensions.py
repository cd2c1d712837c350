"""A view: which labels that prompts were written for are wrong, by what they were drawn with."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from store.counting import counted
from tui.frame.asking import Asking
from tui.frame.calls import Calls
from tui.screens.audit.messages import FindingsRead
from tui.services.numbers import show_percent
from tui.services.tables import WrittenTable
from tui.widgets.table import Column, Row, Table

if TYPE_CHECKING:
    from engine.statistics.estimate import Estimate
    from engine.statistics.label_noise import LabelNoise
    from tui.screens.audit.desk import AuditDesk
    from tui.services.results.audit import AuditReport
    from tui.services.results.audited_values import ValueNoise
    from tui.services.results.construction import Overturned

COLUMNS: Final = (
    Column("drawn with", flexible=True, named=True),
    Column("decided", right=True),
    Column("overturned, %", right=True),
    Column("audited", right=True),
    Column("FP", right=True),
    Column("FN", right=True),
    Column("written wrong, %", right=True),
)
LEGEND: Final = (
    "95 % intervals (Wilson; overturned: at Kish's n of decisions). Overturned: decided as another "
    "label than written for, with all members of a cluster. FP, FN, written wrong: of audited "
    "prompts. Worst first."
)
NOTHING: Final = (
    "Where the language model gets the definition wrong will be shown here, by what prompts were "
    "drawn with: once clusters are labelled, the labels that you overturned; once an audit is "
    "done, its findings."
)
BELOW: Final = "· "  # before a value of the dimension above it


class DimensionsView(Vertical):
    """A row for each value below its dimension. `desk` is set before anything is asked of it."""

    desk: "AuditDesk"

    def __init__(self, calls: Calls) -> None:
        super().__init__(id="dimensions")
        self._asking = Asking(self, calls)
        self._report: AuditReport | None = None
        self._table = Table(COLUMNS, id="values")
        self._notes = Static(id="dimensions-notes", markup=False)

    def compose(self) -> ComposeResult:
        """Lay the table over the notes."""
        yield self._table
        yield self._notes

    def refresh_findings(self) -> None:
        """Read the figures again."""
        desk = self.desk
        self._asking.read("findings", lambda: FindingsRead(desk.findings()))

    def on_findings_read(self, message: FindingsRead) -> None:
        """Show what was read."""
        message.stop()
        report = self._report = message.findings.report
        made = report.construction
        is_empty = made is None or not (made.noise.n or report.noise.n)
        self._table.display = not is_empty
        self._notes.update(Content(NOTHING if is_empty else LEGEND))
        if made is not None:
            written = counted(made.written, "prompt")
            self._table.set_title(f"Labels that {written} were written for")
            self._table.show(COLUMNS, tuple(_rows(report)))

    def move(self, by: int) -> None:
        """Scroll by rows."""
        self._table.scroll_rows(by)

    def scroll_pages(self, pages: int) -> None:
        """Scroll by what is seen."""
        self._table.scroll_rows(pages * max(self._table.size.height - 2, 1))

    def written_tables(self) -> tuple[WrittenTable, ...]:
        """The table with the dimension beside each value."""
        if self._report is None:
            return ()
        rows = [
            (*value, *_cells(overturned, *_audited(noise)))
            for value, overturned, noise in _values(self._report)
        ]
        columns = ("dimension", "value", *(column.title for column in COLUMNS[1:]))
        return (WrittenTable("audit-dimensions", self._table.title, columns, tuple(rows)),)


def _rows(report: "AuditReport") -> Iterator[Row]:
    """All prompts, then every dimension with its values below it."""
    made = report.construction
    if made is None or not made.noise.n:
        return
    yield (("all prompts", "bold"), *_cells(made.noise, report.noise, report.written_wrong))
    last = ""
    for (dimension, value), overturned, audited in _values(report):
        if dimension != last:
            yield ((dimension, "bold"), *[""] * (len(COLUMNS) - 1))
            last = dimension
        yield (f"{BELOW}{value}", *_cells(overturned, *_audited(audited)))


def _audited(found: "ValueNoise | None") -> "tuple[LabelNoise | None, Estimate | None]":
    return (found.noise, found.written_wrong) if found else (None, None)


def _cells(
    overturned: "Overturned", noise: "LabelNoise | None", wrong: "Estimate | None"
) -> tuple[str, ...]:
    found = (noise.n, noise.false_positives, noise.false_negatives) if noise else (0, 0, 0)
    n, positives, negatives = (f"{count:,}" if noise else "–" for count in found)
    decided = f"{overturned.n:,}"
    return (decided, show_percent(overturned.share), n, positives, negatives, show_percent(wrong))


def _values(
    report: "AuditReport",
) -> "Iterator[tuple[tuple[str, str], Overturned, ValueNoise | None]]":
    """Values with what is known of each; those of a dimension together, the worst first."""
    audited = {(item.dimension, item.value): item for item in report.by_value}
    found = report.construction.by_value if report.construction else ()
    for dimension in dict.fromkeys(item.dimension for item in found):
        for item in found:
            if item.dimension == dimension:
                value = (dimension, item.value)
                yield value, item.noise, audited.get(value)
