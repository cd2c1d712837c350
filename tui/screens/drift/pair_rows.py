"""Pairs as rows of a table."""

from typing import TYPE_CHECKING, Final

from tui.frame.snapshot import EXCLUDED_GLYPH, Labels
from tui.screens.drift.wording import COMPARED
from tui.services.numbers import show_number
from tui.widgets.table import Cell, Column, Row

if TYPE_CHECKING:
    from tui.services.results.drift_pairs import DriftedPair

PREVIEW: Final = 300  # characters of an answer
COLUMNS: Final = (
    Column(" "),
    Column("answer", right=True),
    Column("quest.", right=True),
    Column("a–q", right=True),
    Column("s"),
    Column("a"),
    Column("dataset", flexible=True),
    Column("text", flexible=True),
)


def pair_row(pair: "DriftedPair", labels: Labels) -> Row:
    """A pair's scores, labels and the start of its answer, for COLUMNS."""
    signs: list[Cell] = []
    for name in (pair.seed_label, pair.label):
        view = labels.named(name) if name else None
        signs.append((view.glyph, view.style) if view else "·")
    figures = [show_number(pair.f1[name]) for name in COMPARED]
    excluded: Cell = (EXCLUDED_GLYPH, "$warning") if pair.is_excluded else " "
    return (excluded, *figures, *signs, pair.dataset, pair.text[:PREVIEW])
