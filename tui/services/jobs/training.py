"""Turns recipes into trainings, and names trained detectors that cannot be loaded any more."""

import re
from typing import Final

from pydantic import ValidationError

from engine.jobs.draft import PlannedStage
from engine.jobs.settings import NAME_PATTERN
from engine.models.detector import REPLACE_IT, detector_folder
from engine.models.folder_check import find_fault
from engine.training.hyperparameters import StageSettings
from engine.training.params import TrainParams
from store.database.connection import Database
from store.detectors import DetectorRow, list_contestants
from store.development import Development, decided_answers, hold_back
from store.errors import RecipeRefused
from store.recipes import Recipe
from store.training import TrainingSet, assemble
from store.validation import describe_problems
from tui.services.errors import NameUnfit
from tui.services.learning import Learning
from tui.services.task_labels import require_labels
from tui.services.workspace import Workspace

LONGEST_NAME: Final = 100


def fault_of(database: Database, detector: DetectorRow) -> str | None:
    """What keeps a detector's folder from being loaded; None if nothing is seen."""
    return find_fault(detector_folder(database.workspace, detector.detector_id), detector.base)


def fault_warnings(database: Database) -> tuple[str, ...]:
    """A sentence for each detector that cannot be loaded any more, oldest first."""
    return tuple(
        f"The detector {item.name!r} cannot be loaded: {fault}. {REPLACE_IT}"
        for item in list_contestants(database)
        if (fault := fault_of(database, item))
    )


def assemble_recipe(workspace: Workspace, database: Database, recipe: Recipe) -> TrainingSet:
    """The rows of a recipe for this workspace's task, by the labels of the decisions now.

    Raises RecipeRefused, LabelUnknown.
    """
    recipe.require_labels(workspace.task.labels)
    _check_settings(recipe)
    positives, seed = workspace.task.positives, workspace.settings.seed
    with Learning(database, workspace.settings.labelling) as learning:
        found = learning.read(
            lambda: assemble(
                database,
                recipe,
                positives,
                seed=seed,
                development=read_development(workspace, database),
            )
        )
    whose = f"Rows of recipe {recipe.name!r} have"
    require_labels(workspace.task, found.rows["label"].unique(), whose)
    return found


def read_development(workspace: Workspace, database: Database) -> Development:
    """The development set, which follows from the decisions and the workspace's seed."""
    settings = workspace.settings
    return hold_back(
        decided_answers(database),
        workspace.task.positives,
        settings.development.share,
        settings.seed,
    )


def _check_settings(recipe: Recipe) -> None:
    """Raise RecipeRefused where a stage of a recipe sets what no training has."""
    try:
        for stage in recipe.stage:
            StageSettings.model_validate(stage.training)
    except ValidationError as error:
        problems = describe_problems(error)
        settings = f"The training settings of recipe {recipe.name!r}"
        raise RecipeRefused(f"{settings}: {problems}.") from error


def train_params(workspace: Workspace, rows: TrainingSet, *, name: str, seed: int) -> TrainParams:
    """The training of a detector of that name on a training set."""
    settings = workspace.settings.detector
    if rows.architecture is not None:
        settings = settings.model_copy(update={"architecture": rows.architecture})
    return TrainParams.of(
        settings,
        name=name,
        recipe=rows.recipe,
        labels=workspace.task.labels,
        positives=sorted(workspace.task.positives),
        training_digest=rows.digest,
        seed=seed,
        stages=rows.stage_settings,
        is_pair=workspace.task.is_pair,
    )


def plan_training(params: TrainParams, rows: TrainingSet) -> PlannedStage:
    """The stage that trains so on a training set, or adopts where that is empty."""
    return PlannedStage("train", params, rows.rows.height, {"training_rows": rows.rows})


def check_name(name: str) -> None:
    """Raise NameUnfit for a detector's name that a folder or a command line would misread."""
    if len(name) > LONGEST_NAME or not re.fullmatch(NAME_PATTERN, name):
        shown = name if len(name) <= LONGEST_NAME else f"{name[:20]}… ({len(name)} characters)"
        raise NameUnfit(
            f"{shown!r} is not a valid name for a detector: use at most {LONGEST_NAME} letters, "
            "digits and . _ + -, with a letter or digit first, as in `--name real-2`."
        )
