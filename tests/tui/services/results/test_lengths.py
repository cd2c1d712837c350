"""Areas by length of evaluated pairs, and their slices by dimension."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sklearn.metrics import roc_auc_score

from store.database.connection import Database
from tests.tui.evaluated import ADVICE, add_detectors, add_evaluation, make_evaluated
from tests.tui.evaluated_pairs import PAIRS, TONES, add_pairs, as_pairs
from tui.services.results.lengths import read_length_grid
from tui.services.results.slices import slice_evaluation
from tui.services.workspace import Workspace

N = 300


@pytest.fixture
def pairs(empty_workspace: Workspace) -> Workspace:
    return as_pairs(empty_workspace)


@pytest.fixture
def opened(pairs: Workspace, tmp_path: Path) -> Iterator[Database]:
    with pairs.database() as database:
        add_pairs(database, tmp_path, N)
        yield database


def test_each_cell_has_the_area_of_its_rows(pairs: Workspace, opened: Database) -> None:
    grid = read_length_grid(pairs, opened, PAIRS, "good")
    assert grid is not None
    assert (grid.n, grid.failed, len(grid.cells)) == (N, 0, 16)
    with opened.read() as cursor:
        found = cursor.rows("SELECT sample_id, context, text FROM samples")
    lengths = {name: (len(context), len(text)) for name, context, text in found}
    rows = make_evaluated(N, 2.0)
    cell = grid.cells[5]
    (low, high), (least, most) = (
        (int(end) for end in name.split("–")) for name in (cell.context, cell.text)
    )
    inside = [
        row for row in rows
        if low <= lengths[row[0]][0] <= high and least <= lengths[row[0]][1] <= most
    ]  # fmt: skip
    assert len(inside) == cell.n
    assert cell.roc_auc is not None
    assert cell.roc_auc.value == pytest.approx(
        roc_auc_score([label == ADVICE for _, label, _ in inside], [row[2] for row in inside])
    )


def test_failed_rows_are_counted_and_without_probabilities_of_both_classes_there_is_no_grid(
    pairs: Workspace, opened: Database, tmp_path: Path
) -> None:
    rows = make_evaluated(N, 2.0)
    some = [(*row[:2], None if number < 9 else row[2]) for number, row in enumerate(rows)]
    none = [(*row[:2], None) for row in rows]
    alike = [row for row in rows if row[1] == ADVICE]
    for name, evaluated in (("some", some), ("none", none), ("alike", alike)):
        add_detectors(opened, tmp_path, name)
        add_evaluation(opened, tmp_path, name, PAIRS, evaluated)
    grid = read_length_grid(pairs, opened, PAIRS, "some")
    assert grid is not None
    assert (grid.n, grid.failed) == (N - 9, 9)
    assert read_length_grid(pairs, opened, PAIRS, "none") is None
    assert read_length_grid(pairs, opened, PAIRS, "alike") is None


def test_single_texts_have_no_grid(opened: Database, pairs: Workspace) -> None:
    file = pairs.path / "task.toml"
    file.write_text(file.read_text().removeprefix('kind = "pair"\n'))
    assert read_length_grid(Workspace.open(pairs.path), opened, PAIRS, "good") is None


def test_slices_are_by_dimension_too(pairs: Workspace, opened: Database) -> None:
    found = [item for item in slice_evaluation(pairs, opened, PAIRS, "good") if item.by == "tone"]
    assert {item.slice for item in found} == set(TONES)
    assert sum(item.n for item in found) == N
    assert all(item.recall and item.fpr and item.accuracy for item in found)
