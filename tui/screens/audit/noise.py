"""The figures of an audit: label noise by dataset, and how far people agree."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from store.counting import counted
from tui.services.inert import one_line
from tui.services.numbers import show_percent, show_share
from tui.widgets.table import Cell, Column, Row, Table

if TYPE_CHECKING:
    from engine.statistics.agreement import Agreement
    from engine.statistics.label_noise import LabelNoise
    from tui.services.results.audit import AuditReport

AGREEMENTS_SHOWN: Final = 5
WIDE: Final = 110  # columns from which all figures fit
LEGEND: Final = (
    "accuracy: each audited label counted once, as in STAR's Table 5 (Wilson, 95 %); weighted: "
    "for the labels it stands for (Hájek; Wilson at Kish's n)."
)


class NoiseFigures(Vertical):
    """A table with one line per dataset, and notes on how to read it."""

    def __init__(self) -> None:
        super().__init__(id="figures")
        self._report: AuditReport | None = None
        self._table = Table((), id="noise")
        self._notes = Static(id="notes", markup=False)

    def compose(self) -> ComposeResult:
        """Lay the table over the notes."""
        yield self._table
        yield self._notes

    def show(self, report: "AuditReport") -> None:
        """Show the figures of a report."""
        self._report = report
        self._notes.update(Content("\n".join(_notes(report))))
        self._draw()

    def on_resize(self) -> None:
        """Show as many figures as there is room for."""
        self._draw()

    def _draw(self) -> None:
        report = self._report
        if report is None:
            return
        is_wide = self.size.width >= WIDE
        everything: Cell = ("all datasets", "bold")
        rows = (
            _row(everything, report.noise, is_wide),
            *(_row(item.dataset, item.noise, is_wide) for item in report.by_dataset),
        )
        self._table.set_title("Propagated labels as audited, per cent (95 % interval)")
        self._table.set_reactive(Table.columns, _columns(is_wide))
        self._table.set_reactive(Table.rows, rows)
        self._table.redraw()


def _columns(is_wide: bool) -> tuple[Column, ...]:
    names = ["FP", "FN", "wrong", "accuracy", "weighted"]
    if is_wide:
        names = ["unsure", *names, "pos./neg.", "pos./neg. weighted"]
    return (
        Column("dataset", flexible=True),
        Column("n", right=True),
        *(Column(name, right=True) for name in names),
    )


def _row(dataset: Cell, noise: "LabelNoise", is_wide: bool) -> Row:
    counts = [noise.false_positives, noise.false_negatives, noise.wrong]
    shares = [noise.accuracy, noise.weighted_accuracy]
    if is_wide:
        counts = [noise.unsure, *counts]
        shares += [noise.collapsed_accuracy, noise.weighted_collapsed_accuracy]
    figures = (*(f"{count:,}" for count in counts), *(show_percent(share) for share in shares))
    return (dataset, f"{noise.n:,}", *figures)


def _notes(report: "AuditReport") -> list[str]:
    """How to read the figures, what qualifies them, and how far people agree."""
    lines = [LEGEND]
    if report.annotator is not None:
        left = f", {counted(report.left, 'text')} not audited yet" if report.left else ""
        remark = f"Newest round, by {one_line(report.annotator)}{left}."
        alone = report.single_member_clusters or 0
        left_out = f" {counted(alone, 'cluster')} of one member left out." if alone else ""
        lines.append(remark + left_out)
    agreements = list(_agreements(report))
    lines += agreements[:AGREEMENTS_SHOWN]
    if len(agreements) > AGREEMENTS_SHOWN:
        lines.append(f"{len(agreements) - AGREEMENTS_SHOWN:,} more with --json.")
    return lines


def _agreements(report: "AuditReport") -> Iterator[str]:
    """One's own agreement first, then that of several people, then that of every two."""
    own, others = report.consistency, report.annotators
    if own is not None:
        yield _describe(f"{own.annotator}, then and now", own.agreement)
    if others.n:
        alpha = f"Krippendorff's α {show_share(others.alpha)}"
        yield f"Several people: n = {others.n:,}, {alpha}."
    for pair in others.pairs:
        yield _describe(f"{pair.first} and {pair.second}", pair.agreement)


def _describe(who: str, found: "Agreement") -> str:
    return (
        f"{one_line(who)}: n = {found.n:,}, alike {show_percent(found.agreement)} %, "
        f"κ {show_share(found.kappa)}."
    )
