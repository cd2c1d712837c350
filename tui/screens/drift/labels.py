"""What became of the seeds' labels, in a table."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from textual.reactive import reactive

from tui.frame.calls import Calls
from tui.frame.snapshot import Labels
from tui.screens.drift.messages import LabelFlowRead
from tui.screens.drift.reading import SeenFigures
from tui.screens.drift.views import Subject
from tui.screens.drift.wording import COUNTING, describe_sizes, name_dataset
from tui.services.numbers import show_percent
from tui.widgets.table import Cell, Column, Row, Table

if TYPE_CHECKING:
    from tui.services.results.label_flow import DatasetFlow, LabelFlow, SeedLabelFlow


class LabelFlowTable(Table):
    """Answers by the label of their seed and their own, counted once it is seen.

    The parent sets `subject`.
    """

    subject: reactive[Subject | None] = reactive(None, init=False)

    def __init__(self, calls: Calls, labels: Labels) -> None:
        super().__init__((), id="labels")
        self._labels = labels
        self._figures: SeenFigures[LabelFlow] = SeenFigures(self, calls, _read)

    def watch_subject(self, before: Subject | None, subject: Subject | None) -> None:
        """Show another dataset; count again where the figures have changed."""
        self._figures.forget_outdated(before, subject)
        self._show()
        self._figures.ask(subject)

    def on_show(self) -> None:
        """Read what was not read yet."""
        self._figures.ask(self.subject)

    def on_label_flow_read(self, message: LabelFlowRead) -> None:
        """Show the counts."""
        message.stop()
        if self._figures.take(self.subject, message.stamp, message.labels):
            self._show()

    def _show(self) -> None:
        dataset = self.subject.group.dataset if self.subject else None
        title = f"What became of labels: {name_dataset(dataset)}"
        if self._figures.found is None:
            self.set_title(f"{title} ({COUNTING})")
            self.show(*flow_table((), self._labels))
            return
        own = [item for item in self._figures.found.flow if item.dataset == dataset and item.n]
        sizes = (item for item in self._figures.found.cluster_sizes if item.dataset == dataset)
        described = "".join(f" · {describe_sizes(item)}" for item in sizes)
        self.set_title(f"{title}{described}{'' if own else ': no answer has a label yet'}")
        self.show(*flow_table(own, self._labels))


def _read(subject: Subject) -> LabelFlowRead:
    return LabelFlowRead(subject.stamp, subject.desk.label_flow())


def flow_table(
    flows: "Sequence[DatasetFlow]", labels: Labels
) -> tuple[tuple[Column, ...], list[Row]]:
    """What became of labels: a column for each of the task's, and for others that were given."""
    found = sorted({name for flow in flows for name in flow.labels})
    names = list(dict.fromkeys([*(view.name for view in labels.views), *found]))
    counted = (
        Column(f"{labels.named(name).glyph} {name}", right=True, flexible=True) for name in names
    )
    columns = (Column("seed label", flexible=True), *counted, Column("stays %", right=True))
    return columns, [row for flow in flows for row in _flow_rows(flow, names, labels)]


def _flow_rows(flow: "DatasetFlow", names: Sequence[str], labels: Labels) -> Iterator[Row]:
    for seed_label, own in flow.from_.items():
        yield _seed_label_row(seed_label, own, names, labels)
    counts = {name: own.n for name, own in flow.labels.items()}
    shown = (f"{counts.get(name, 0):,} ({counts.get(name, 0) / flow.n:.1%})" for name in names)
    yield (("all", "bold"), *shown, "")


def _seed_label_row(
    seed_label: str, own: "SeedLabelFlow", names: Sequence[str], labels: Labels
) -> Row:
    view = labels.named(seed_label)
    counts: list[Cell] = []
    for name in names:
        text = f"{own.to.get(name, 0):,}"
        counts.append((text, "bold") if name == seed_label else text)
    return ((f"{view.glyph} {view.name}", view.style), *counts, show_percent(own.stays))
