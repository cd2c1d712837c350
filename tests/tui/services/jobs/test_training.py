"""What a detector is known by, and how a recipe's training settings reach its training."""

from dataclasses import replace

import pytest

from store.errors import RecipeRefused
from store.recipes import Recipe, RecipeStage, Source
from store.training import TrainingSet
from tui.services.errors import NameUnfit
from tui.services.jobs.training import assemble_recipe, check_name, train_params
from tui.services.workspace import Workspace


def trained(workspace: Workspace, rows: TrainingSet, name: str = "d", seed: int = 0) -> str:
    return train_params(workspace, rows, name=name, seed=seed).detector_id


@pytest.fixture
def rows(imported_workspace: Workspace) -> TrainingSet:
    with imported_workspace.database() as database:
        return assemble_recipe(imported_workspace, database, imported_workspace.recipe("real"))


def test_other_settings_make_another_detector(
    imported_workspace: Workspace, rows: TrainingSet
) -> None:
    slower = replace(rows, stage_settings=({"epochs": 9},))
    ids = [
        trained(imported_workspace, rows),
        trained(imported_workspace, slower),
        trained(imported_workspace, rows, seed=1),
        trained(imported_workspace, rows, name="other"),
    ]
    assert len(set(ids)) == len(ids)
    assert trained(imported_workspace, rows) == ids[0]


def test_a_detector_is_found_again_under_any_name(
    imported_workspace: Workspace, rows: TrainingSet
) -> None:
    slower = replace(rows, stage_settings=({"epochs": 9},))
    one, renamed, other = (
        train_params(imported_workspace, training, name=name, seed=0)
        for training, name in ((rows, "one"), (rows, "two"), (slower, "one"))
    )
    assert one.makes_same_detector(renamed)
    assert not one.makes_same_detector(other)


def test_settings_of_a_stage_are_trained_with(
    imported_workspace: Workspace, rows: TrainingSet
) -> None:
    slower = replace(rows, stage_settings=({"epochs": 9, "class_weights": "balanced"},))
    (stage,) = train_params(imported_workspace, slower, name="d", seed=0).stages
    assert (stage.epochs, stage.class_weights) == (9, "balanced")


@pytest.mark.parametrize("training", [{"epoch": 3}, {"epochs": 0}, {"learning_rate": "fast"}])
def test_a_setting_that_does_not_exist_is_refused_with_the_recipe(
    imported_workspace: Workspace, training: dict[str, str | int | float]
) -> None:
    stage = RecipeStage(source=(Source(rows="real"),), training=training)
    recipe = Recipe(name="hasty", description="", stage=(stage,))
    with imported_workspace.database() as database, pytest.raises(RecipeRefused, match="'hasty'"):
        assemble_recipe(imported_workspace, database, recipe)


@pytest.mark.parametrize(
    "name", ["", "a b", "a/b", "..", "-x", "a\n", "a\x00", "é", "a" * 101, "a:b", "$(x)"]
)
def test_a_name_that_a_folder_or_a_shell_would_misread_is_refused(name: str) -> None:
    with pytest.raises(NameUnfit, match="not a valid name"):
        check_name(name)


def test_names_of_letters_digits_and_some_signs_are_taken() -> None:
    for name in ("real", "real+synthetic-2", "v1.0_b", "a" * 100):
        check_name(name)
