"""Turns recipes into the stages of a job."""

import json
from collections.abc import Mapping
from typing import Any

import polars as pl
from pydantic import ValidationError

from engine.job import StageSpec
from engine.models.hyperparameters import StageSettings, TrainingSettings
from engine.stages.train import TrainParams
from store.database import Database
from store.detectors import INITIAL
from store.errors import RecipeRefused
from store.recipes import Recipe
from store.schema import row_id
from store.training import TrainingSet, assemble
from tui.errors import DetectorMissing
from tui.workspace import Workspace


def initial_stage(workspace: Workspace, database: Database) -> tuple[StageSpec, pl.DataFrame]:
    """Return the training of the initial detector by its recipe, and the recipe's rows.

    Raises DetectorMissing where no row has a label.
    """
    try:
        rows = assemble_recipe(workspace, database, workspace.recipe(INITIAL))
    except RecipeRefused as error:
        raise DetectorMissing(
            "An initial detector is needed to predict labels, and no seed or train dataset has "
            "labels to train it on. Import labelled rows (`--role train --label COL`), or bring "
            "a detector along with `backquery run --initial path:FOLDER`."
        ) from error
    return train_stage(workspace, rows, name=INITIAL, seed=workspace.settings.seed), rows.rows


def adopt_initial(workspace: Workspace, reference: str) -> tuple[StageSpec, pl.DataFrame]:
    """Return the stage that takes a finished detector as the initial one: no rows to train on."""
    nothing = TrainingSet.empty(INITIAL)
    seed = workspace.settings.seed
    return train_stage(workspace, nothing, name=INITIAL, seed=seed, base=reference), nothing.rows


def assemble_recipe(workspace: Workspace, database: Database, recipe: Recipe) -> TrainingSet:
    """Select the rows of a recipe for this workspace's task. Raises RecipeRefused."""
    recipe.require_labels(workspace.task.labels)
    stages_of(recipe)
    positives, seed = workspace.task.positives, workspace.settings.seed
    return assemble(database, recipe, positives, seed=seed)


def stages_of(recipe: Recipe) -> tuple[StageSettings, ...]:
    """Return what each stage of a recipe does in its own way. Raises RecipeRefused."""
    try:
        return tuple(StageSettings.model_validate(stage.training) for stage in recipe.stage)
    except ValidationError as error:
        raise RecipeRefused(f"The training settings of recipe {recipe.name!r}: {error}") from error


def train_stage(
    workspace: Workspace, rows: TrainingSet, *, name: str, seed: int, base: str | None = None
) -> StageSpec:
    """Return the stage that trains a detector on a training set, or adopts `base` without one."""
    chosen = workspace.settings.detector
    wanted: dict[str, Any] = {
        "name": name,
        "recipe": rows.recipe,
        "base": base or chosen.base,
        "labels": workspace.task.labels,
        "positive": sorted(workspace.task.positives),
        "training_digest": rows.digest,
        "seed": seed,
        "max_length": chosen.max_length,
    }
    if rows.rows.height:
        settings = chosen.model_dump(include=set(TrainingSettings.model_fields))
        wanted |= {**settings, "stages": rows.stage_settings}
    detector_id = row_id("detector", json.dumps(wanted, sort_keys=True))
    params = TrainParams.model_validate({**wanted, "detector_id": detector_id})
    return StageSpec(name="train", params=params.model_dump(mode="json"))


def is_same_training(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two sets of a detector's parameters make the same detector, whatever its name."""
    named = {"name", "detector_id"}
    found = [TrainParams.model_validate(params).model_dump(exclude=named) for params in
             (one, other)]  # fmt: skip
    return found[0] == found[1]
