"""How answers as a whole differ from their seeds, in a table."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from textual.reactive import reactive

from store.counting import counted
from tui.frame.calls import Calls
from tui.screens.drift.messages import DistributionsRead
from tui.screens.drift.reading import SeenFigures
from tui.screens.drift.views import Subject
from tui.screens.drift.wording import COUNTING, name_dataset
from tui.services.numbers import show_percent, show_share
from tui.widgets.table import Column, Row, Table

if TYPE_CHECKING:
    from tui.services.results.distribution import Distribution

COLUMNS: Final = (
    Column("figure"),
    Column("length"),
    Column("n", right=True),
    Column("seeds (95 %)"),
    Column("answers (95 %)"),
)
TO_MEASURE: Final = "not measured yet: `backquery run distribution` does it"


class DistributionTable(Table):
    """The figures of the group's dataset, read once it is seen. The parent sets `subject`."""

    subject: reactive[Subject | None] = reactive(None, init=False)

    def __init__(self, calls: Calls) -> None:
        super().__init__(COLUMNS, id="distribution")
        self._figures: SeenFigures[tuple[Distribution, ...]] = SeenFigures(self, calls, _read)

    def watch_subject(self, before: Subject | None, subject: Subject | None) -> None:
        """Show another dataset; read again where the figures have changed."""
        self._figures.forget_outdated(before, subject)
        self._show()
        self._figures.ask(subject)

    def on_show(self) -> None:
        """Read what was not read yet."""
        self._figures.ask(self.subject)

    def on_distributions_read(self, message: DistributionsRead) -> None:
        """Show the figures."""
        message.stop()
        if self._figures.take(self.subject, message.stamp, message.distributions):
            self._show()

    def move(self, by: int) -> None:
        """Scroll by so many rows."""
        self.scroll_rows(by)

    def _show(self) -> None:
        dataset = self.subject.group.dataset if self.subject else None
        found = self._figures.found
        own = [item for item in found or () if item.dataset == dataset]
        state = counted(own[0].pairs, "pair") if own else TO_MEASURE
        self.set_title(
            f"Answers and seeds as a whole, {name_dataset(dataset)}: "
            f"{COUNTING if found is None else state}"
        )
        self.show(COLUMNS, list(distribution_rows(own)))


def _read(subject: Subject) -> DistributionsRead:
    return DistributionsRead(subject.stamp, subject.desk.distributions())


def distribution_rows(found: "list[Distribution]") -> Iterator[Row]:
    """The figures of one dataset, each of texts as they are and of equal length, for COLUMNS."""
    ways = [("equal" if item.matched else "as is", item) for item in found]
    for length, item in ways:
        p = "" if item.mmd2_p is None else f"p {item.mmd2_p:.2g}"
        yield ("MMD²", length, f"{item.pairs:,}", p, show_share(item.mmd2))
    for length, item in ways:
        shares = (show_share(side.distinct_2) for side in (item.seeds, item.answers))
        yield ("distinct-2", length, f"{item.pairs:,}", *shares)
    for length, item in ways:
        shares = (show_percent(side.near_duplicates) for side in (item.seeds, item.answers))
        yield ("near copies, %", length, f"{item.pairs:,}", *shares)
    for length, item in ways:
        shares = (show_percent(side.empty_clusters) for side in (item.seeds, item.answers))
        yield ("empty clusters, %", length, f"{item.clusters or 0:,}", *shares)
