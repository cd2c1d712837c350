"""The tables of the accuracy screen: detectors, alarms, groups of rows, rows, slices."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from textual.content import Content

from tui.frame.snapshot import Labels, Share
from tui.screens.accuracy.views import (
    AccuracyView,
    Alarms,
    Cell,
    DetectorScores,
    Judge,
    RowGroup,
    SeedSpread,
    SliceView,
)
from tui.services.inert import one_line
from tui.services.numbers import show_number, show_percent
from tui.widgets.bar import bar
from tui.widgets.table import Cell as TableCell
from tui.widgets.table import Column, Row, cut_middle

if TYPE_CHECKING:
    from store.evaluation_rows import JudgedRow, Said

MARK: Final = "◆"
NAMES: Final = {
    "accuracy": "accuracy", "precision": "precision", "recall": "recall", "gap": "gap",
    "f1": "F1", "fpr": "FPR", "roc_auc": "ROC-AUC", "pr_auc": "PR-AUC",
}  # fmt: skip
PROBABILISTIC: Final = ("roc_auc", "pr_auc")
TABLED: Final = tuple(name for name in NAMES if name != "pr_auc")
HEADS: Final = {"accuracy": "acc.", "precision": "prec.", "roc_auc": "AUC"}
PREVIEW: Final = 300
BAR: Final = 20

ALARM_COLUMNS: Final[tuple[Column, ...]] = (
    Column(" "),
    Column("detector", flexible=True, named=True),
    Column("n", right=True),
    Column("threshold", right=True),
    Column("flagged", right=True),
    Column("per 1,000 (95 %)", right=True),
    Column("FPR %", right=True),
    Column("negatives", right=True),
    Column("failed", right=True),
)
SPREAD_COLUMNS: Final = (
    Column("recipe", flexible=True),
    Column("seeds", right=True),
    *(Column(name, right=True) for name in NAMES.values()),
)
SLICE_COLUMNS: Final = (
    Column("by"),
    Column("slice", flexible=True),
    Column("n", right=True),
    Column("accuracy %", right=True),
    Column("F1 %", right=True),
    Column(" "),
)
GROUP_COLUMNS: Final = (
    Column(" "),
    Column("rows", flexible=True),
    Column("n", right=True),
    Column("0 … 100 %"),
)


def measure_columns() -> tuple[Column, ...]:
    """Return the columns of `measure_row`; there is no room for PR-AUC."""
    columns = (Column(HEADS.get(name, NAMES[name]), right=True) for name in TABLED)
    return (
        Column(" "),
        Column("detector", flexible=True, named=True),
        Column("n", right=True),
        *columns,
    )


def measure_row(
    scores: DetectorScores, *, is_marked: bool, is_whole: bool, with_intervals: bool
) -> Row:
    """Return a detector's measures in per cent; areas that are not there yet are dots.

    The gap's interval, which is the widest, stands only beside the matrix: names need the room.
    """
    cells = (
        "…"
        if name in PROBABILISTIC and not is_whole
        else show_percent(scores.shares[name], with_interval=with_intervals and name != "gap")
        for name in TABLED
    )
    return (MARK if is_marked else " ", scores.detector, f"{scores.n:,}", *cells)


def alarm_row(view: AccuracyView, judge: Judge, *, is_marked: bool) -> Row:
    """Return how often a detector flags, for ALARM_COLUMNS."""
    found = view.alarms_of(judge.detector_id)
    mark = MARK if is_marked else " "
    if found is None:
        return (mark, judge.detector, f"{judge.n:,}", *["–"] * (len(ALARM_COLUMNS) - 3))
    rate = found.per_1000
    per_1000 = "–"
    if rate.value is not None and rate.interval is not None:
        per_1000 = f"{rate.value:.1f} ({rate.interval[0]:.1f}–{rate.interval[1]:.1f})"
    return (
        mark, judge.detector, f"{found.n:,}", show_number(found.threshold), f"{found.flagged:,}",
        per_1000, show_percent(found.fpr), f"{found.negatives:,}", f"{found.failed:,}",
    )  # fmt: skip


def spread_row(spread: SeedSpread) -> Row:
    """Return mean ± sample standard deviation over seeds, for SPREAD_COLUMNS."""
    cells = []
    for name in NAMES:
        mean, deviation = spread.measures[name] or (None, None)
        shown = show_percent(Share(mean))
        cells.append(shown if deviation is None else f"{shown} ± {100 * deviation:.1f}")
    return (spread.recipe, str(spread.seeds), *cells)


def group_row(group: RowGroup, total: int, names: Sequence[str], labels: Labels) -> Row:
    """Return a group and how much of `total` rows it is; `names` are those of its detectors."""
    share = group.count / total if total else 0.0
    sign, text = describe_group(group, names, labels)
    return (sign, text, f"{group.count:,}", bar(share, BAR))


def describe_group(group: RowGroup, names: Sequence[str], labels: Labels) -> tuple[str, str]:
    """Return a sign for right or wrong, and the group in words."""
    if isinstance(group, Alarms):
        at = "" if group.threshold is None else f" from {group.threshold:.3f} on"
        return "!", f"flagged{at}, with or without a label"
    if isinstance(group, Cell):
        truth, said = group.sides or (group.truth[0], "".join(group.predicted))
        if group.sides is None:
            truth, said = (f"{labels.named(name).glyph} {name}" for name in (truth, said))
        said = said if group.predicted else "no prediction"
        return "✓" if group.is_right else "✗", f"{truth} → {said}"
    first, second = (one_line(name) for name in names)
    if group.first_right == group.second_right:
        return ("✓", "both right") if group.first_right else ("✗", "both wrong")
    return " ", f"only {first if group.first_right else second} right"


def row_columns(names: Sequence[str], longest: int) -> tuple[Column, ...]:
    """Return the columns of `listed_row` for detectors of these names, of `longest` cells."""
    heads = (cut_middle(Content(one_line(name)), longest).plain for name in names)
    said = [Column(head) for head in heads] if len(names) > 1 else [Column("said")]
    return (Column("true"), *said, Column("text", flexible=True))


def listed_row(row: "JudgedRow", labels: Labels) -> Row:
    """Return a row's true label, what was said of it how certainly, and how its text begins."""
    truth = labels.named(row.label) if row.label else None
    head: TableCell = (truth.glyph, truth.style) if truth else "·"
    return (head, *(_said(said, labels) for said in row.said), row.text[:PREVIEW])


def _said(said: "Said", labels: Labels) -> TableCell:
    if said.label is None:
        return "failed", "$warning"
    view = labels.named(said.label)
    return f"{view.glyph} {show_number(said.certainty)}", view.style


def slice_row(row: SliceView) -> Row:
    """Return a slice, for SLICE_COLUMNS."""
    few: TableCell = ("few", "$warning") if row.is_few else " "
    figures = show_percent(row.accuracy), show_percent(row.f1)
    return (row.by, row.value, f"{row.n:,}", *figures, few)
