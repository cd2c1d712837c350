"""What is evaluated, and what was before."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.database.connection import Database
from tests.tui.evaluated import add_detectors, add_evaluation
from tests.tui.filled import BENCHMARK
from tui.services.jobs.evaluation import evaluate_all
from tui.services.workspace import Workspace


@pytest.fixture
def opened(imported_workspace: Workspace) -> Iterator[Database]:
    with imported_workspace.database() as database:
        yield database


def test_what_was_evaluated_on_all_rows_is_not_evaluated_again(
    opened: Database, tmp_path: Path
) -> None:
    add_detectors(opened, tmp_path, "d1", "d2")
    with opened.read() as cursor:
        samples = cursor.rows("SELECT sample_id, label FROM samples WHERE dataset = ?", [BENCHMARK])
    evaluated = [(sample_id, label, 0.5) for sample_id, label in samples]
    add_evaluation(opened, tmp_path, "d1", BENCHMARK, evaluated)
    add_evaluation(opened, tmp_path, "d2", BENCHMARK, evaluated[:-1])
    stages = evaluate_all(opened, ["d1", "d2"], BENCHMARK).draft.stages
    assert [(stage.name, stage.params["detector_ids"]) for stage in stages] == [
        ("evaluate", ["d2"]),
        ("speed", ["d2"]),
    ]
    assert not evaluate_all(opened, ["d1"], BENCHMARK).draft.stages
