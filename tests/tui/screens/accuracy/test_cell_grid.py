"""The matrix to walk in by keys."""

from tui.frame.snapshot import Labels
from tui.screens.accuracy.cell_grid import CellGrid
from tui.screens.accuracy.groups import Cell


def test_labels_that_the_task_lacks_stay_inert() -> None:
    grid = CellGrid(Labels(()))
    grid.set_reactive(CellGrid.grid, ((Cell(("x\x1b[2J",), ("[red]y",), 3),),))
    drawn = grid.render().plain
    assert "○ x␛[2J → ○ [red]y" in drawn
    assert "○ x␛[2J  " in drawn
    assert "\x1b" not in drawn
