"""The confusion matrix to walk in by keys: its cells are groups of rows, one of them chosen."""

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from store.counting import counted
from tui.frame.snapshot import Labels
from tui.screens.accuracy.groups import Cell, Grid
from tui.screens.accuracy.matrix import CHOSEN, FAILED, SIDES, Head, draw_matrix, head_of
from tui.screens.accuracy.wording import describe_group
from tui.services.inert import one_line
from tui.services.numbers import show_plain_percent


class CellGrid(Widget):
    """Alarms, if there are any, over the matrix, over the chosen group of `total` rows in words."""

    grid: reactive[Grid] = reactive((), layout=True)
    place: reactive[tuple[int, int]] = reactive((0, 0))
    total: reactive[int] = reactive(0)

    def __init__(self, labels: Labels) -> None:
        super().__init__()
        self._labels = labels

    def render(self) -> Content:
        """Draw what can be chosen, and say what is."""
        if not self.grid:
            return Content("No row with a label was evaluated.")
        down, across = self.place
        cells = [[item for item in row if isinstance(item, Cell)] for row in self.grid]
        first = next((n for n, row in enumerate(cells) if row), len(cells))
        lines = [self._line(n, is_chosen=n == down) for n in range(first)]
        if first < len(cells):
            lines += draw_matrix(
                [self._head(cell, 0) for cell, *_ in cells[first:]],
                [self._head(cell, 1) for cell in cells[first]],
                [[cell.count for cell in row] for row in cells[first:]],
                self.size.width,
                (down - first, across),
            )
        return Content("\n").join([*lines, self._describe()])

    def _line(self, down: int, *, is_chosen: bool) -> Content:
        (group,) = self.grid[down]
        sign, text = describe_group(group, (), self._labels)
        line = f"{CHOSEN if is_chosen else ' '} {sign} {text}: {group.count:,}"
        return Content.styled(line, "bold on $chosen" if is_chosen else "")

    def _head(self, cell: Cell, side: int) -> Head:
        labels = (cell.truth, cell.predicted)[side]
        name = cell.sides[side] if cell.sides else "".join(labels)
        if not name:
            return FAILED
        return SIDES[name] if cell.sides else head_of(name, self._labels)

    def _describe(self) -> Content:
        down, across = self.place
        group = self.grid[down][across]
        sign, text = describe_group(group, (), self._labels)
        share = show_plain_percent(group.count / self.total if self.total else None)
        rows = f"{group.count:,} of {counted(self.total, 'row')}, {share} %"
        return Content(f"{sign} {one_line(text)}: {rows if group.count else 'no rows'}")
