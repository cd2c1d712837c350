"""Tables of figures that are too wide for a terminal: nothing is cut, intervals move below."""

import pytest
from rich.cells import cell_len

from engine.statistics.estimate import Estimate
from tui.commands import output
from tui.commands.figures import Figure, needs_stack, percent, stack_table

COLUMNS = ("detector", "recipe", "accuracy", "gap")
NAME = "a-detector-with-quite-a-long-name-2025"
ROWS = [
    (NAME, "real", percent(Estimate(0.851, (0.8, 0.9), 20)), percent(Estimate(-0.1, (-0.2, 0), 9))),
    ("b", "real", percent(None), percent(Estimate(0.2, None, 1))),
]


def lines_at(width: int) -> list[str]:
    cells = [[cell.lines if isinstance(cell, Figure) else (cell,) for cell in row] for row in ROWS]
    return stack_table(COLUMNS, cells, width)


def test_a_figure_is_in_one_line_or_above_its_interval() -> None:
    assert percent(Estimate(0.851, (0.8, 0.9), 20)) == Figure(
        "85.1 (80.0–90.0)", ("85.1", "80.0–90.0")
    )
    assert percent(None) == Figure("–", ("–",))


def test_a_table_is_stacked_only_where_it_is_too_wide() -> None:
    shown = [[str(cell) for cell in row] for row in ROWS]
    wide = len(NAME) + 2 + len("recipe") + 2 + len("85.1 (80.0–90.0)") + 2
    wide += len("-10.0 (-20.0 to 0.0)")
    assert not needs_stack(COLUMNS, shown, wide)
    assert needs_stack(COLUMNS, shown, wide - 1)


def test_intervals_move_to_a_second_line_before_a_name_is_touched() -> None:
    assert lines_at(75) == [
        f"{'detector':<38}  recipe  accuracy   gap",
        f"{NAME}  real    85.1       -10.0",
        f"{'':<38}          80.0–90.0  -20.0 to 0.0",
        f"{'b':<38}  real    –          20.0",
    ]


def test_names_have_a_line_of_their_own_where_figures_need_the_rest() -> None:
    assert lines_at(40) == [
        "detector · recipe",
        "  accuracy   gap",
        f"{NAME} · real",
        "  85.1       -10.0",
        "  80.0–90.0  -20.0 to 0.0",
        "b · real",
        "  –          20.0",
    ]


@pytest.mark.parametrize("width", [80, 50, 160])
def test_what_is_printed_fits_and_holds_every_name_and_figure(
    width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(output, "WIDTH", width)
    output.print_table(COLUMNS, ROWS, title="Figures\x1b[31m")
    printed = capsys.readouterr().out
    assert max(map(cell_len, printed.splitlines())) <= width
    for text in (NAME, "85.1", "80.0–90.0", "-20.0 to 0.0"):
        assert text in printed
    assert "\x1b" not in printed
