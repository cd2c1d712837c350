"""Turns recipes into the stages of a job."""

import polars as pl

from engine.job import StageSpec
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
    positives, seed = workspace.task.positives, workspace.settings.seed
    return assemble(database, recipe, positives, seed=seed)


def train_stage(
    workspace: Workspace, rows: TrainingSet, *, name: str, seed: int, base: str | None = None
) -> StageSpec:
    """Return the stage that trains a detector on a training set, or adopts `base` without one."""
    chosen = workspace.settings.detector
    params = TrainParams(
        detector_id=row_id("detector", name, rows.digest, base or chosen.base, seed),
        name=name,
        recipe=rows.recipe,
        base=base or chosen.base,
        labels=workspace.task.labels,
        positive=tuple(sorted(workspace.task.positives)),
        training_digest=rows.digest,
        seed=seed,
        learning_rate=chosen.learning_rate,
        epochs=chosen.epochs,
        batch_size=chosen.batch_size,
        weight_decay=chosen.weight_decay,
        warmup_ratio=chosen.warmup_ratio,
        max_length=chosen.max_length,
    )
    return StageSpec(name="train", params=params.model_dump(mode="json"))
