"""The tables of the drift screen: scores by group, what became of labels, single pairs."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from tui.frame.snapshot import EXCLUDED_GLYPH, Labels
from tui.screens.drift.views import COMPARED, DriftRow, FlowRow, PairedRow, ProductionRow, WayRow
from tui.services.numbers import show_difference, show_number, show_percent, show_share
from tui.widgets.bar import marked_bar
from tui.widgets.table import Cell, Column, Row

if TYPE_CHECKING:
    from store.drift_pairs import DriftedPair

NARROW_BAR, WIDE_BAR = 12, 30
PREVIEW: Final = 300

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
PRODUCTION_COLUMNS: Final = (
    Column("compared"),
    Column("by"),
    Column("lengths", flexible=True),
    Column("n", right=True),
    Column("production", right=True),
    Column("ROC-AUC (95 %)"),
    Column("0.5 … 1"),
)
PAIR_COLUMNS: Final = (
    Column(" "),
    Column("answer", right=True),
    Column("quest.", right=True),
    Column("a–q", right=True),
    Column("s"),
    Column("a"),
    Column("dataset", flexible=True),
    Column("text", flexible=True),
)


def score_columns(wide: bool) -> tuple[Column, ...]:
    """Return the columns of `score_row`."""
    names = (Column("dataset", flexible=True), Column("seed label", flexible=True))
    n, f1, floor = Column("n", right=True), Column("F1 (95 %)"), Column("floor", right=True)
    if not wide:
        return (*names, n, f1, floor, Column("0 … 1"))
    inner = (Column("P", right=True), Column("R", right=True), f1, Column("median", right=True))
    return (*names, n, *inner, floor, Column("rescaled", right=True), Column("0 … 1"))


def score_row(row: DriftRow, compared: str, labels: Labels, wide: bool) -> Row:
    """Return a group's scores in one comparison; dashes where it was not made."""
    view = labels.named(row.label) if row.label else None
    label: Cell = (f"{view.glyph} {view.name}", view.style) if view else ("all labels", "bold")
    dataset: Cell = row.dataset if row.dataset else ("all datasets", "bold")
    score = row.scores.get(compared)
    if score is None:
        return (dataset, label, *["–"] * (len(score_columns(wide)) - 2))
    drawn = marked_bar(score.f1.value or 0.0, score.floor, WIDE_BAR if wide else NARROW_BAR)
    bar: Cell = (drawn, view.style if view else "")
    if not wide:
        return (dataset, label, f"{score.n:,}", show_share(score.f1), show_number(score.floor), bar)
    return (
        dataset, label, f"{score.n:,}", show_number(score.precision), show_number(score.recall),
        show_share(score.f1), show_number(score.median), show_number(score.floor),
        show_number(score.rescaled), bar,
    )  # fmt: skip


def flow_table(rows: Sequence[FlowRow], labels: Labels) -> tuple[tuple[Column, ...], list[Row]]:
    """Return what became of labels: a column for each of the task's, and for others there are."""
    found = sorted({name for item in rows for name in item.counts})
    names = list(dict.fromkeys([*(view.name for view in labels.views), *found]))
    counted = (
        Column(f"{labels.named(name).glyph} {name}", right=True, flexible=True) for name in names
    )
    columns = (Column("seed label", flexible=True), *counted, Column("stays %", right=True))
    return columns, [_flow_row(item, names, labels) for item in rows]


def _flow_row(row: FlowRow, names: Sequence[str], labels: Labels) -> Row:
    if row.seed_label is None:
        return _total_row(row, names)
    view = labels.named(row.seed_label)
    counts: list[Cell] = []
    for name in names:
        text = f"{row.counts.get(name, 0):,}"
        counts.append((text, "bold") if name == row.seed_label else text)
    return ((f"{view.glyph} {view.name}", view.style), *counts, show_percent(row.stays))


def _total_row(row: FlowRow, names: Sequence[str]) -> Row:
    """Return the answers of all seeds by their label, with their shares."""
    total = sum(row.counts.values())
    counts = (f"{row.counts.get(name, 0):,} ({row.counts.get(name, 0) / total:.1%})"
              for name in names)  # fmt: skip
    return (("all", "bold"), *counts, "")


def way_row(number: int, way: WayRow) -> Row:
    """Return a way of asking, for WAY_COLUMNS."""
    figures = [show_number(way.f1[name]) for name in COMPARED]
    stays = show_percent(way.stays)
    return (str(number), f"{way.seeds:,}", *figures, stays, way.differs)


def paired_row(row: PairedRow) -> Row:
    """Return the difference between two ways, for PAIRED_COLUMNS."""
    return (
        f"{row.second} − {row.first}", COMPARED[row.compared], f"{row.n:,}",
        show_difference(row.difference), "–" if row.p is None else f"{row.p:.2g}",
    )  # fmt: skip


def production_row(row: ProductionRow) -> Row:
    """Return how well two sorts of texts can be told apart, for PRODUCTION_COLUMNS."""
    lengths = "as they are" if row.cut_tokens is None else f"matched, ≤ {row.cut_tokens} tokens"
    above = 2 * max((row.auc.value or 0.5) - 0.5, 0.0)
    return (
        row.compared, row.features, lengths, f"{row.n:,}", f"{row.n_production:,}",
        show_share(row.auc), marked_bar(above, None, NARROW_BAR),
    )  # fmt: skip


def pair_row(pair: "DriftedPair", labels: Labels) -> Row:
    """Return a pair's scores, labels and the begin of its answer, for PAIR_COLUMNS."""
    signs: list[Cell] = []
    for name in (pair.seed_label, pair.label):
        view = labels.named(name) if name else None
        signs.append((view.glyph, view.style) if view else "·")
    figures = [show_number(pair.f1[name]) for name in COMPARED]
    excluded: Cell = (EXCLUDED_GLYPH, "$warning") if pair.is_excluded else " "
    return (excluded, *figures, *signs, pair.dataset, pair.text[:PREVIEW])
