"""Coverage over the pipeline: which cells are empty, and which dimensions are shown."""

import pytest

from tests.tui.driving import make_app, seen, shown
from tui.screens.pipeline.coverage_text import EMPTY, draw_grid, draw_values
from tui.services.results.coverage import PairCoverage, read_grids
from tui.services.workspace import Workspace

NARROW = (80, 24)
PAIR = PairCoverage(
    "tone", "industry", ("curt", "kind"), ("banks", "buses", "\x1b[2J"), ((3, 0, 1), (1, 12, 0))
)


def test_the_dimension_with_fewer_values_is_across_under_letters() -> None:
    lines = draw_grid(PAIR, 76).plain.splitlines()
    assert lines[0].split() == ["industry", "a", "b"]
    assert [line.split() for line in lines[1:4]] == [
        ["banks", "3", "1"], ["buses", EMPTY, "12"], ["␛[2J", "1", EMPTY]
    ]  # fmt: skip
    assert lines[5].split() == ["tone:", "a", "curt", "b", "kind", EMPTY, "no", "scenario"]


@pytest.mark.parametrize("width", [10, 30, 76, 160])
def test_no_line_of_cells_is_wider_than_its_pane_and_what_is_left_out_is_said(width: int) -> None:
    values = tuple(f"value {place}" for place in range(30))
    cells = tuple((1,) * 30 for _ in range(30))
    text = draw_grid(PairCoverage("one", "two", values, values, cells), width)
    lines = text.plain.splitlines()
    assert all(len(line) <= max(width, 8 + 6) for line in lines[:31])
    assert ("in a wider window" in text.plain) == (width < 8 + 30 * 6)


def test_single_values_have_their_scenarios_and_texts(pair_workspace: Workspace) -> None:
    with pair_workspace.database() as database:
        found = read_grids(pair_workspace, database)
    lines = [line.split() for line in draw_values(found).plain.splitlines()]
    assert lines[0] == ["scenarios", "on-topic", "off-topic"]
    assert ["industry"] in lines
    assert ["banking", "3", "6", "6"] in lines
    assert ["museums", EMPTY, "0", "0"] in lines
    (pair,) = found.pairs
    assert (pair.first, pair.second) == ("industry", "tone")
    assert sum(map(sum, pair.scenarios)) == found.scenarios == 8


async def test_the_arrows_change_the_dimensions_and_a_key_shows_single_values(
    pair_workspace: Workspace,
) -> None:
    path = pair_workspace.path / "problem.toml"
    path.write_text(f'{path.read_text()}\n[[dimension]]\nname = "age"\nvalues = ["old", "new"]\n')
    with pair_workspace.database() as database:
        async with make_app(pair_workspace, database, "pipeline").run_test(size=NARROW) as pilot:
            await seen(pilot, "prompts", "v coverage")
            await pilot.press("v")
            await seen(pilot, "industry × tone: 4 of 12 cells empty", "public transport")
            await pilot.press("right")
            await seen(pilot, "industry × age: 8 of 8 cells empty")
            await pilot.press("down")
            await seen(pilot, "tone × age: 6 of 6 cells empty")
            await pilot.press("v")
            await seen(pilot, "Values: 8 scenarios, and texts of each label")
            await pilot.press("escape")
            await seen(pilot, "scenarios")


async def test_a_workspace_without_a_problem_says_what_is_missing(
    pair_workspace: Workspace,
) -> None:
    (pair_workspace.path / "problem.toml").unlink()
    with pair_workspace.database() as database:
        async with make_app(pair_workspace, database, "pipeline").run_test(size=NARROW) as pilot:
            await seen(pilot, "v coverage")
            await pilot.press("v")
            await seen(pilot, "has no problem.toml")


async def test_single_texts_have_no_coverage(clustered_workspace: Workspace) -> None:
    with clustered_workspace.database() as database:
        app = make_app(clustered_workspace, database, "pipeline")
        async with app.run_test(size=NARROW) as pilot:
            await seen(pilot, "questions")
            assert "v coverage" not in shown(pilot)
            await pilot.press("v")
            await seen(pilot, "Only tasks of pairs")
