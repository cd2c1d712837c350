"""The areas by length as a heat map."""

from pathlib import Path

import numpy as np
import pytest

from engine.statistics.lengths import LengthGrid, measure_lengths
from tests.tui.driving import make_app, seen, shown, until
from tests.tui.evaluated_pairs import PAIRS, add_pairs, as_pairs
from tests.tui.scenes import NARROW, WIDE
from tui.screens.accuracy.length_map import draw_lengths
from tui.services.results.lengths import read_length_grid
from tui.services.workspace import Workspace


def grid_of(n: int) -> LengthGrid:
    dice = np.random.default_rng(4)
    truth = dice.random(n) < 0.4
    shares = 1 / (1 + np.exp(-dice.normal(np.where(truth, 1.0, -1.0))))
    contexts, texts = (dice.integers(1, 900, n).tolist() for _ in range(2))
    return measure_lengths(contexts, texts, truth, shares)


@pytest.mark.parametrize("width", [74, 154])
def test_every_cell_shows_its_area_its_rows_and_its_interval(width: int) -> None:
    grid = grid_of(2000)
    lines = [line.plain for line in draw_lengths(grid, width)]
    assert len(lines) == 1 + 2 * 4
    assert all(len(line) <= width for line in lines)
    for place, context in enumerate(grid.contexts):
        cells = [cell for cell in grid.cells if cell.context == context]
        areas, intervals = lines[1 + 2 * place], lines[2 + 2 * place]
        assert areas.lstrip().startswith(context)
        for cell in cells:
            assert cell.roc_auc is not None
            assert f"{100 * cell.roc_auc.value:.1f}" in areas
            assert f"n {cell.n}" in areas
            assert f"{100 * cell.roc_auc.low:.1f}–{100 * cell.roc_auc.high:.1f}" in intervals
    assert all(text in lines[0] for text in grid.texts)


def test_shades_tell_areas_apart_without_colour_and_a_cell_without_one_says_why() -> None:
    truth = np.array([True, False] * 8)
    far, near = np.where(truth, 0.9, 0.1), np.full(16, 0.5)
    found = [
        "\n".join(line.plain for line in draw_lengths(
            measure_lengths([5] * 16, [5] * 16, truth, scores), 60
        ))
        for scores in (far, near)
    ]  # fmt: skip
    assert "██ 100.0 █" in found[0]
    assert "░░ 50.0 ░" in found[1]
    one = measure_lengths([5, 9], [5, 5], np.array([True, False]), np.array([0.9, 0.1]))
    text = "\n".join(line.plain for line in draw_lengths(one, 60))
    assert "no negatives" in text
    assert "no positives" in text


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_the_map_of_pairs_is_beside_their_slices(
    empty_workspace: Workspace, tmp_path: Path, size: tuple[int, int]
) -> None:
    workspace = as_pairs(empty_workspace)
    with workspace.database() as database:
        add_pairs(database, tmp_path)
        grid = read_length_grid(workspace, database, PAIRS, "good")
        assert grid is not None
        async with make_app(workspace, database, "accuracy").run_test(size=size) as pilot:
            await seen(pilot, f"Benchmark {PAIRS}", "true ↓ predicted →")
            await pilot.press("V")
            await seen(pilot, "Slices of good, n = 300", "recall %", "FPR %", "tone")
            if size == NARROW:
                await seen(pilot, "(1 of 2, l)")
                await pilot.press("l")
                await until(pilot, lambda: "Slices of good" not in shown(pilot))
            await seen(pilot, "ROC-AUC of good by length, n = 300", "█ 90 and more", *grid.contexts)
            for cell in grid.cells:
                assert cell.roc_auc is not None
                assert f"{100 * cell.roc_auc.low:.1f}–" in shown(pilot)
            if size == NARROW:
                await pilot.press("h")
                await seen(pilot, "Slices of good")


async def test_an_opened_row_shows_both_sides_of_a_pair(
    empty_workspace: Workspace, tmp_path: Path
) -> None:
    workspace = as_pairs(empty_workspace)
    with workspace.database() as database:
        add_pairs(database, tmp_path)
        async with make_app(workspace, database, "accuracy").run_test(size=WIDE) as pilot:
            await seen(pilot, f"Benchmark {PAIRS}", "true ↓ predicted →")
            await pilot.press("enter")
            await seen(pilot, "Word Word")
            await pilot.press("enter")
            await seen(pilot, "▸ ■")
            await pilot.press("enter")
            await seen(pilot, "TRUE", "CONTEXT", "You help with", "TEXT", "Word Word")
