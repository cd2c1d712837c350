"""Which columns fit, how wide they are, and the lines that are made of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content

from tui.frame.snapshot import Labels
from tui.screens.data.views import GridCell, GridColumn
from tui.screens.data.wording import ASCENDING, DESCENDING
from tui.services.results.browsing import Sort
from tui.widgets.plain import marked

GAP = 2
# Of the width, that texts take before other columns are left for scrolling, by their number.
TEXT_SHARES = (0.0, 0.55, 0.65, 0.75)
CURSOR_STYLE = "reverse"
WAITING = GridCell("…")


@dataclass(frozen=True, slots=True)
class Slot:
    """A column that is drawn: its number, its first cell in the line, and its width."""

    number: int
    start: int
    width: int


def fit(
    columns: Sequence[GridColumn], width: int, left: int, current: int
) -> tuple[int, tuple[Slot, ...]]:
    """The first column to draw, and those that fit from there on, the current one among them.

    Texts share what is left; a column that does not fit whole is left for scrolling, unless it is
    the only one.
    """
    left = min(left, current)
    least = _least_widths(columns, width)
    while left < current and current >= left + _fitting(least[left:], width):
        left += 1
    shown = columns[left : left + max(_fitting(least[left:], width), 1)]
    widths = least[left : left + len(shown)]
    spare = max(width - sum(widths) - GAP * (len(shown) - 1), 0)
    texts = [place for place, column in enumerate(shown) if column.look == "text"] or [0]
    for turn, place in enumerate(texts):
        widths[place] += spare // len(texts) + (turn < spare % len(texts))
    slots, start = [], 0
    for place, wide in enumerate(widths):
        slots.append(Slot(left + place, start, min(wide, max(width - start, 1))))
        start += wide + GAP
    return left, tuple(slots)


def column_at(slots: Sequence[Slot], x: int) -> int | None:
    """The number of the column at a cell of the line; None between columns."""
    return next((slot.number for slot in slots if slot.start <= x < slot.start + slot.width), None)


def _least_widths(columns: Sequence[GridColumn], width: int) -> list[int]:
    """How wide each column is at least; all texts together take their share of the width."""
    texts = sum(column.look == "text" for column in columns)
    share = int(width * TEXT_SHARES[texts] / max(texts, 1))
    return [
        max(column.width, share) if column.look == "text" else column.width for column in columns
    ]


def _fitting(widths: Sequence[int], width: int) -> int:
    """How many columns of these widths fit side by side."""
    used = -GAP
    for number, wide in enumerate(widths):
        used += GAP + wide
        if used > width:
            return number
    return len(widths)


def heading(
    columns: Sequence[GridColumn], slots: Sequence[Slot], sort: Sort | None, current: int
) -> Content:
    """The titles, with the sorted column's direction; the current column is set apart."""
    parts = []
    for slot in slots:
        column = columns[slot.number]
        text = column.title
        if sort is not None and sort.column == column.name:
            text = f"{DESCENDING if sort.is_descending else ASCENDING}{text}"
        style = f"bold {CURSOR_STYLE}" if slot.number == current else "bold $accent"
        parts.append(_filled(Content.styled(text), slot.width, column).stylize(style))
    return Content(" " * GAP).join(parts)


def line(
    columns: Sequence[GridColumn],
    slots: Sequence[Slot],
    cells: Sequence[GridCell],
    labels: Labels,
) -> Content:
    """One row; `cells` are those of the slots."""
    parts = [
        _filled(_drawn(cell, columns[slot.number], labels), slot.width, columns[slot.number])
        for slot, cell in zip(slots, cells, strict=True)
    ]
    return Content(" " * GAP).join(parts)


def _drawn(cell: GridCell, column: GridColumn, labels: Labels) -> Content:
    if column.look == "label" and isinstance(cell.value, str):
        view = labels.named(cell.value)
        return Content.styled(f"{view.glyph} {cell.text}", view.style)
    if cell.is_error:
        return Content.styled(f"! {cell.text}", "$warning")
    return marked(cell.text, cell.hits)


def _filled(content: Content, width: int, column: GridColumn) -> Content:
    cut = content.truncate(width, ellipsis=True)
    missing = width - cut.cell_length
    return cut.pad_left(missing) if column.look == "number" else cut.pad_right(missing)
