"""Turns recipes into the stages of a job."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import polars as pl
from pydantic import ValidationError

from engine.jobs.job import StageSpec
from engine.models.detector import REPLACE_IT, detector_folder
from engine.models.folder_check import find_fault
from engine.models.references import ModelReference, parse_reference, resolve_checkpoint
from engine.stages.train import TrainParams
from engine.training.hyperparameters import StageSettings, TrainingSettings
from store.database.connection import Database
from store.detectors import INITIAL, DetectorRow, list_contestants
from store.errors import RecipeRefused
from store.recipes import Recipe
from store.schema import row_id
from store.training import TrainingSet, assemble
from store.validation import describe_problems
from tui.services.errors import DetectorMissing, NameUnfit
from tui.services.settings import NAME_PATTERN
from tui.services.task_labels import require_labels
from tui.services.workspace import Workspace

LONGEST_NAME: Final = 100


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
    """Return the stage that takes a finished detector as the initial one: no rows to train on.

    Raises ModelUnavailable where the reference leads to no model that runs here.
    """
    nothing, seed = TrainingSet.empty(INITIAL), workspace.settings.seed
    source = _make_absolute(parse_reference(reference))
    stage = train_stage(
        workspace, nothing, name=INITIAL, seed=seed, base=str(source),
        source_digest=_digest_source(source),
    )  # fmt: skip
    return stage, nothing.rows


def is_adopted(database: Database, initial: DetectorRow | None, stage: StageSpec) -> bool:
    """Whether the initial detector is whole, and what a stage of `adopt_initial` would adopt."""
    if initial is None or initial.base != stage.params["base"] or fault_of(database, initial):
        return False
    taken = initial.params.get("source_digest", "")
    return taken in ("", stage.params["source_digest"])


def fault_of(database: Database, detector: DetectorRow) -> str | None:
    """Return what keeps a detector's folder from being loaded; None if nothing is seen."""
    return find_fault(detector_folder(database.workspace, detector.detector_id), detector.base)


def fault_warnings(database: Database) -> tuple[str, ...]:
    """Return a sentence for each detector that cannot be loaded any more, oldest first."""
    return tuple(
        f"The detector {item.name!r} cannot be loaded: {fault}. {REPLACE_IT}"
        for item in list_contestants(database)
        if (fault := fault_of(database, item))
    )


def _make_absolute(reference: ModelReference) -> ModelReference:
    """Return a reference that means the same in any current folder."""
    if reference.kind != "path":
        return reference
    return replace(reference, name=str(Path(reference.name).expanduser().resolve()))


def _digest_source(reference: ModelReference) -> str:
    """Return a digest of a model's files by name, size and time. Raises ModelUnavailable.

    Empty for a model of the Hub, which is known by its name alone.
    """
    if reference.kind == "hf":
        return ""
    folder = Path(resolve_checkpoint(reference).location)
    files = sorted((path.name, path.stat()) for path in folder.iterdir() if path.is_file())
    return row_id(*(f"{name} {at.st_size} {at.st_mtime_ns}" for name, at in files))


def assemble_recipe(workspace: Workspace, database: Database, recipe: Recipe) -> TrainingSet:
    """Select the rows of a recipe for this workspace's task. Raises RecipeRefused, LabelUnknown."""
    recipe.require_labels(workspace.task.labels)
    stages_of(recipe)
    positives, seed = workspace.task.positives, workspace.settings.seed
    found = assemble(database, recipe, positives, seed=seed)
    whose = f"Rows of recipe {recipe.name!r} have"
    require_labels(workspace.task, found.rows["label"].unique(), whose)
    return found


def stages_of(recipe: Recipe) -> tuple[StageSettings, ...]:
    """Return what each stage of a recipe does in its own way. Raises RecipeRefused."""
    try:
        return tuple(StageSettings.model_validate(stage.training) for stage in recipe.stage)
    except ValidationError as error:
        problems = describe_problems(error)
        settings = f"The training settings of recipe {recipe.name!r}"
        raise RecipeRefused(f"{settings}: {problems}.") from error


def train_stage(
    workspace: Workspace,
    rows: TrainingSet,
    *,
    name: str,
    seed: int,
    base: str | None = None,
    source_digest: str = "",
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
    if source_digest:
        wanted["source_digest"] = source_digest
    if rows.rows.height:
        settings = chosen.model_dump(include=set(TrainingSettings.model_fields))
        wanted |= {**settings, "stages": rows.stage_settings}
    detector_id = row_id("detector", json.dumps(wanted, sort_keys=True))
    params = TrainParams.model_validate({**wanted, "detector_id": detector_id})
    return StageSpec(name="train", params=params.model_dump(mode="json"))


def check_name(name: str) -> None:
    """Raise NameUnfit for a detector's name that a folder or a command line would misread."""
    if len(name) > LONGEST_NAME or not re.fullmatch(NAME_PATTERN, name):
        shown = name if len(name) <= LONGEST_NAME else f"{name[:20]}… ({len(name)} characters)"
        raise NameUnfit(
            f"{shown!r} is not a valid name for a detector: use at most {LONGEST_NAME} letters, "
            "digits and . _ + -, with a letter or digit first, as in `--name real-2`."
        )


def is_same_training(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two sets of a detector's parameters make the same detector, whatever its name."""
    named = {"name", "detector_id"}
    found = [TrainParams.model_validate(params).model_dump(exclude=named) for params in
             (one, other)]  # fmt: skip
    return found[0] == found[1]
