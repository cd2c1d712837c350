"""How well seeds and answers can be distinguished from production, in a table."""

from typing import TYPE_CHECKING, Final

from textual.reactive import reactive

from tui.frame.calls import Calls
from tui.screens.drift.messages import ProductionRead
from tui.screens.drift.reading import SeenFigures
from tui.screens.drift.views import Subject
from tui.screens.drift.wording import COUNTING
from tui.services.numbers import show_share
from tui.widgets.bar import marked_bar
from tui.widgets.table import Column, Row, Table

if TYPE_CHECKING:
    from tui.services.results.production import ProductionTest

BAR: Final = 12
COLUMNS: Final = (
    Column("compared"),
    Column("by"),
    Column("lengths", flexible=True),
    Column("n", right=True),
    Column("production", right=True),
    Column("ROC-AUC (95 %)"),
    Column("0.5 … 1", ornament=True),
)


class ProductionTable(Table):
    """One row per test, read once it is seen. The parent sets `subject`."""

    subject: reactive[Subject | None] = reactive(None, init=False)

    def __init__(self, calls: Calls) -> None:
        super().__init__(COLUMNS, id="production")
        self._figures: SeenFigures[tuple[ProductionTest, ...]] = SeenFigures(self, calls, _read)

    def watch_subject(self, before: Subject | None, subject: Subject | None) -> None:
        """Read again where the figures have changed."""
        if self._figures.forget_outdated(before, subject):
            self._show()
            self._figures.ask(subject)

    def on_show(self) -> None:
        """Read what was not read yet."""
        self._figures.ask(self.subject)

    def on_production_read(self, message: ProductionRead) -> None:
        """Show the tests."""
        message.stop()
        if self._figures.take(self.subject, message.stamp, message.tests):
            self._show()

    def move(self, by: int) -> None:
        """Scroll by so many tests."""
        self.scroll_rows(by)

    def _show(self) -> None:
        tests = self._figures.found
        state = "" if tests else ": not measured yet"
        if tests is None:
            state = f" ({COUNTING})"
        self.set_title(f"Do seeds and answers differ from production?{state}")
        self.show(COLUMNS, [production_row(test) for test in tests or ()])


def _read(subject: Subject) -> ProductionRead:
    return ProductionRead(subject.stamp, subject.desk.production())


def production_row(test: "ProductionTest") -> Row:
    """How well two sorts of texts can be distinguished, for COLUMNS."""
    lengths = "as they are" if test.cut_tokens is None else f"matched, ≤ {test.cut_tokens} tokens"
    above = 2 * max(test.auc.value - 0.5, 0.0) if test.auc else 0.0
    return (
        test.compared, test.features, lengths, f"{test.n_compared:,}", f"{test.n_production:,}",
        show_share(test.auc), marked_bar(above, None, BAR),
    )  # fmt: skip
