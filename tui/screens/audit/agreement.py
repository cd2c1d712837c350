"""How far all who labelled agree: every two of them, and where the chosen two differ."""

from typing import TYPE_CHECKING, Final

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tui.frame.asking import Asking
from tui.frame.calls import Calls
from tui.frame.snapshot import Labels
from tui.screens.audit.messages import AgreementRead
from tui.services.inert import one_line
from tui.services.numbers import show_percent, show_share
from tui.widgets.table import Column, Row, Table

if TYPE_CHECKING:
    from tui.screens.audit.desk import AuditDesk
    from tui.services.results.agreement import AgreementReport, PairAgreement

WHO: Final = (
    Column("annotator", flexible=True, named=True),
    Column("kind"),
    Column("labelled", right=True),
    Column("not read", right=True),
)
PAIRS: Final = (
    Column("first", flexible=True, named=True),
    Column("second", flexible=True, named=True),
    Column("n", right=True),
    Column("alike, %", right=True),
    Column("kappa", right=True),
)
NOTHING: Final = (
    "Nobody has labelled an answer that somebody else labelled too. Here will be how far people, "
    "language models and the detector agree.\n\n"
    "`backquery annotate --model REF` lets a language model classify the representatives; another "
    "person labels them with `backquery label --annotator NAME`."
)
NOTHING_CLASS: Final = "-nothing"
LEGEND: Final = (
    "95 % intervals. A cluster's label is one of its representative. A reply in which no label was "
    "found is counted as not read."
)


class AgreementView(Vertical):
    """Annotators over pairs over the confusion table of the chosen pair.

    `desk` is set before anything is asked of it.
    """

    desk: "AuditDesk"

    def __init__(self, calls: Calls, labels: Labels) -> None:
        super().__init__(id="agreement")
        self._asking = Asking(self, calls)
        self._labels = labels
        self._report: AgreementReport | None = None
        self._place = 0
        self._who = Table(WHO, id="who")
        self._pairs = Table(PAIRS, id="pairs")
        self._confusion = Table((), id="confusion")
        self._notes = Static(id="agreement-notes", markup=False)

    def compose(self) -> ComposeResult:
        """Lay the tables over the notes."""
        yield from (self._who, self._pairs, self._confusion, self._notes)

    def refresh_findings(self) -> None:
        """Read the agreement again."""
        desk = self.desk
        self._asking.read("agreement", lambda: AgreementRead(*desk.agreement()))

    def on_agreement_read(self, message: AgreementRead) -> None:
        """Show what was read."""
        message.stop()
        self._report = report = message.report
        has_pairs = bool(report.pairs)
        self.set_class(not has_pairs, NOTHING_CLASS)
        lines = (*message.alphas, LEGEND) if has_pairs else (NOTHING,)
        self._notes.update(Content("\n".join(lines)))
        self._who.set_title("Who labelled how many answers")
        self._who.set_reactive(
            Table.rows,
            tuple(
                (item.name, item.kind, f"{item.n:,}", f"{item.failed:,}")
                for item in report.annotators
            ),
        )
        self._who.redraw()
        self.move(0)

    def move(self, by: int) -> None:
        """Choose another pair."""
        pairs = self._report.pairs if self._report else ()
        if not pairs:
            return
        self._place = max(min(self._place + by, len(pairs) - 1), 0)
        self._pairs.set_title("Every two, on the answers that both labelled (95 % interval)")
        self._pairs.show(PAIRS, tuple(map(_row, pairs)), self._place)
        self._show_confusion(pairs[self._place])

    def _show_confusion(self, pair: "PairAgreement") -> None:
        views = [self._labels.named(label) for label in pair.confusion.labels]
        names = [f"{view.glyph} {view.name}" for view in views]
        columns = (
            Column("", flexible=True, named=True),
            *(Column(name, right=True, flexible=True, named=True) for name in names),
        )
        rows: tuple[Row, ...] = tuple(
            ((name, view.style), *(f"{count:,}" for count in counts))
            for name, view, counts in zip(names, views, pair.confusion.rows, strict=True)
        )
        self._confusion.set_title(f"Down: {one_line(pair.first)}; across: {one_line(pair.second)}")
        self._confusion.show(columns, rows)


def _row(pair: "PairAgreement") -> Row:
    found = pair.agreement
    return (
        pair.first,
        pair.second,
        f"{found.n:,}",
        show_percent(found.agreement),
        show_share(found.kappa),
    )
