"""What a comparison has to train and to evaluate."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.errors import ModelUnavailable
from store.database.connection import Database
from store.errors import RecipeRefused
from tests.tui.evaluated import add_detectors, add_evaluation
from tests.tui.filled import BENCHMARK
from tui.services.jobs.comparison import compare_all, compare_recipes
from tui.services.jobs.evaluation import evaluate_one
from tui.services.jobs.training import assemble_recipe, train_params
from tui.services.workspace import Workspace


@pytest.fixture
def opened(imported_workspace: Workspace) -> Iterator[Database]:
    with imported_workspace.database() as database:
        yield database


def test_all_recipes_that_select_rows_are_trained_with_every_seed_and_evaluated(
    imported_workspace: Workspace, opened: Database
) -> None:
    found = compare_recipes(imported_workspace, opened, BENCHMARK, "all", 2)
    *training, judging, timing = found.draft.stages
    wanted = ("backquery", "real+synthetic", "real", "stage-1")  # others need synthetic rows
    names = [f"{name}-{number}" for name in wanted for number in (1, 2)]
    assert [stage.params["name"] for stage in training] == names
    assert [stage.params["seed"] for stage in training] == [0, 1] * len(wanted)
    for stage in (judging, timing):
        assert stage.params["detector_ids"] == list(found.detector_ids)
    assert any("two-stage" in reason for reason in found.left_out)
    assert not any("initial" in reason for reason in found.left_out)


def test_a_recipe_that_is_named_and_selects_nothing_is_refused(
    imported_workspace: Workspace, opened: Database
) -> None:
    with pytest.raises(RecipeRefused, match="two-stage"):
        compare_recipes(imported_workspace, opened, BENCHMARK, "real,two-stage", 1)


def test_what_was_trained_under_another_name_is_not_trained_again(
    imported_workspace: Workspace, opened: Database, tmp_path: Path
) -> None:
    rows = assemble_recipe(imported_workspace, opened, imported_workspace.recipe("real"))
    training = train_params(imported_workspace, rows, name="mine", seed=0)
    base, params = training.base, training.model_dump_json()
    add_detectors(opened, tmp_path, "d-mine", params=params, recipe="real", base=base)
    found = compare_recipes(imported_workspace, opened, BENCHMARK, "real", 2)
    assert found.detector_ids[0] == "d-mine"
    assert [item.name for item in found.draft.stages] == ["train", "evaluate", "speed"]
    assert found.draft.stages[0].params["seed"] == 1


def test_a_broken_detector_is_left_out_and_named_and_the_others_are_evaluated(
    imported_workspace: Workspace, opened: Database, tmp_path: Path
) -> None:
    add_detectors(opened, tmp_path, "whole", "cut", "gone")
    weights = imported_workspace.path / "detectors" / "cut" / "model.safetensors"
    weights.write_bytes(weights.read_bytes() + b"x")
    shutil.rmtree(imported_workspace.path / "detectors" / "gone")
    found = compare_all(imported_workspace, opened, BENCHMARK)
    assert found.detector_ids == ("whole",)
    assert [stage.params["detector_ids"] for stage in found.draft.stages] == [["whole"]] * 2
    first, second = found.left_out
    assert first.startswith("cut: ")
    assert "is not whole" in first
    assert "gone: its folder" in second
    with pytest.raises(ModelUnavailable, match="gone: its folder"):
        evaluate_one(imported_workspace, opened, "gone", BENCHMARK, None)


def test_an_evaluation_of_a_detector_that_broke_since_stays(
    imported_workspace: Workspace, opened: Database, tmp_path: Path
) -> None:
    add_detectors(opened, tmp_path, "d1")
    shutil.rmtree(imported_workspace.path / "detectors" / "d1")
    with opened.read() as cursor:
        ids = cursor.rows("SELECT sample_id, label FROM samples WHERE dataset = ?", [BENCHMARK])
    evaluated = [(sample_id, label, 0.9) for sample_id, label in ids]
    add_evaluation(opened, tmp_path, "d1", BENCHMARK, evaluated)
    found = compare_all(imported_workspace, opened, BENCHMARK)
    assert (found.detector_ids, found.left_out) == (("d1",), ())


def test_a_recipe_whose_detector_broke_is_trained_again(
    imported_workspace: Workspace, opened: Database, tmp_path: Path
) -> None:
    rows = assemble_recipe(imported_workspace, opened, imported_workspace.recipe("real"))
    training = train_params(imported_workspace, rows, name="real", seed=0)
    base, params = training.base, training.model_dump_json()
    made = training.detector_id
    add_detectors(opened, tmp_path, made, params=params, recipe="real", base=base)
    shutil.rmtree(imported_workspace.path / "detectors" / made)
    found = compare_recipes(imported_workspace, opened, BENCHMARK, "real", 1)
    assert [item.name for item in found.draft.stages] == ["train", "evaluate", "speed"]
    assert found.detector_ids == (made,)
