"""The areas by length as a heat map: shades beside figures, so that no colour is needed."""

from typing import TYPE_CHECKING, Final

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tui.services.numbers import show_interval, show_plain_percent

if TYPE_CHECKING:
    from engine.statistics.lengths import LengthCell, LengthGrid

SHADES: Final = ((0.9, "█", "90 and more"), (0.8, "▓", "80 to 90"), (0.6, "▒", "60 to 80"),
                 (0.0, "░", "below 60"))  # from which area on  # fmt: skip
WIDEST: Final = 24  # cells of a column
GAP: Final = 2
KEY: Final = " · ".join(f"{sign} {text}" for _, sign, text in reversed(SHADES))


class LengthMap(Widget):
    """Contexts down, texts across. The parent sets `grid`; without one nothing is drawn."""

    DEFAULT_CLASSES = "figure"

    grid: "reactive[LengthGrid | None]" = reactive(None, layout=True)

    def render(self) -> Content:
        """Draw the heads and two lines for each length of contexts."""
        grid = self.grid
        return Content("\n").join(draw_lengths(grid, self.size.width)) if grid else Content("")


def draw_lengths(grid: "LengthGrid", width: int) -> list[Content]:
    """The lines of the map, of at most `width` cells: of each cell its area, n and interval."""
    head = max(map(len, grid.contexts), default=0)
    column = max(1, min(WIDEST, (width - head) // max(len(grid.texts), 1) - GAP))
    cells = {(cell.context, cell.text): cell for cell in grid.cells}
    lines = [_line(" " * head, [Content.styled(_fit(text, column), "bold") for text in grid.texts])]
    for context in grid.contexts:
        own = [cells[context, text] for text in grid.texts]
        name = Content.styled(f"{context:>{head}}", "bold")
        lines.append(_line(name, [_area(cell, column) for cell in own]))
        lines.append(_line(" " * head, [Content(_fit(_below(cell), column)) for cell in own]))
    return lines


def _line(head: Content | str, cells: list[Content]) -> Content:
    return Content(" " * GAP).join([Content(head) if isinstance(head, str) else head, *cells])


def _fit(text: str, width: int) -> str:
    return f"{text[:width]:<{width}}"


def _area(cell: "LengthCell", width: int) -> Content:
    """The area between shades, and n at the end of the line."""
    n = f"n {cell.n:,}"
    if cell.roc_auc is None:
        return Content(_fit("–", max(width - len(n), 0)) + n)
    share = cell.roc_auc.value
    shade = next(sign for least, sign, _ in SHADES if share >= least)
    value = f" {show_plain_percent(share)} "
    filled = shade * max(width - 2 - len(value) - len(n) - 1, 0)
    end = f" {n}" if filled else n
    return (
        Content.assemble((shade * 2, "$primary"), (value, "bold"), (filled, "$primary"), end)
        .truncate(width)
        .pad_right(max(width - 2 - len(value) - len(filled) - len(end), 0))
    )


def _below(cell: "LengthCell") -> str:
    """The interval, or why there is none."""
    if cell.roc_auc is None or cell.roc_auc.interval is None:
        return f"no {cell.lacks}"
    low, high = (100 * end for end in cell.roc_auc.interval)
    return show_interval(low, high, 1)
