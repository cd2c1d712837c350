"""What is evaluated, and what was before."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.database.connection import Database
from store.datasets import evaluation_samples
from store.evaluations import list_evaluations
from store.ids import benchmark_digest, evaluation_id
from tests import rows
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


def test_of_a_dataset_that_has_grown_only_the_new_rows_are_evaluated(
    empty_workspace: Workspace, tmp_path: Path
) -> None:
    with empty_workspace.database() as database:
        rows.add_dataset(database, "live", [(f"p{n}", f"T {n}", None) for n in range(9)])
        rows.add_dataset(database, "live", [], "production")
        add_detectors(database, tmp_path, "d1", "d2", "d3")
        for detector, known in (("d1", 9), ("d2", 6)):
            found = [(f"p{n}", None, 0.5) for n in range(known)]
            add_evaluation(database, tmp_path, detector, "live", found)
        draft = evaluate_all(database, ["d1", "d2", "d3"], "live", is_timed=False).draft

        assert [stage.params["detector_ids"] for stage in draft.stages] == [["d2"], ["d3"]]
        assert draft.inputs[0]["samples"]["sample_id"].to_list() == ["p6", "p7", "p8"]
        assert draft.inputs[1]["samples"].height == 9
        digest = benchmark_digest(evaluation_samples(database, "live"))
        assert draft.stages[0].params["dataset_digest"] == digest
        kept = {item.detector_id: item for item in list_evaluations(database, "live")}
        assert kept["d2"].evaluation_id == evaluation_id("d2", "live", digest)
        assert {name: item.n for name, item in kept.items()} == {"d1": 9, "d2": 6}
