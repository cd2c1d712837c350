"""A grid of cells to draw on: dots of braille, eight in a cell, under signs and words."""

from collections.abc import Sequence
from itertools import groupby, pairwise

from textual.content import Content

from tui.widgets.braille import ACROSS, BITS, BLANK, DOWN

Spot = tuple[float, float]  # in dots from the left, and from the top


class Canvas:
    """Cells count from the upper left one; what lies outside is not drawn."""

    def __init__(self, columns: int, rows: int) -> None:
        self.columns, self.rows = columns, rows
        self._dots = [[0] * columns for _ in range(rows)]
        self._styles = [[""] * columns for _ in range(rows)]
        self._signs: list[list[tuple[str, str] | None]] = [[None] * columns for _ in range(rows)]

    def dot(self, spot: Spot, style: str) -> None:
        """Set one dot; its cell takes the style."""
        across, down = round(spot[0]), round(spot[1])
        column, row = across // ACROSS, down // DOWN
        if 0 <= column < self.columns and 0 <= row < self.rows:
            self._dots[row][column] |= BITS[down % DOWN][across % ACROSS]
            self._styles[row][column] = style

    def line(self, spots: Sequence[Spot], style: str, dash: str = "1") -> None:
        """Connect spots; `dash` says dot by dot what is drawn, "1110" of four dots three."""
        drawn = 0
        for (x, y), (to_x, to_y) in pairwise(spots):
            steps = max(round(max(abs(to_x - x), abs(to_y - y))), 1)
            for step in range(steps):
                if dash[drawn % len(dash)] == "1":
                    self.dot((x + (to_x - x) * step / steps, y + (to_y - y) * step / steps), style)
                drawn += 1
        if spots:
            self.dot(spots[-1], style)

    def write(self, column: int, row: int, text: str, style: str = "") -> None:
        """Put characters of one cell each over what is there."""
        for place, character in enumerate(text, start=column):
            if 0 <= place < self.columns and 0 <= row < self.rows:
                self._signs[row][place] = character, style

    def is_free(self, column: int, row: int) -> bool:
        """Whether a cell has no sign yet."""
        return (
            0 <= column < self.columns and 0 <= row < self.rows and self._signs[row][column] is None
        )

    def lines(self) -> list[Content]:
        """The rows of cells, from the top."""
        return [self._line(row) for row in range(self.rows)]

    def _line(self, row: int) -> Content:
        cells = zip(self._signs[row], self._dots[row], self._styles[row], strict=True)
        shown = [sign or (chr(BLANK + dots) if dots else " ", style) for sign, dots, style in cells]
        return Content("").join(
            Content.styled("".join(text for text, _ in cells), style)
            for style, cells in groupby(shown, key=lambda cell: cell[1])
        )
