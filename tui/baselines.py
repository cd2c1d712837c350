"""Adds baselines to a job: what detectors are compared with, fitted on the rows of a recipe."""

from typing import Final

from engine.job import StageSpec
from engine.models.baseline import MAJORITY, TFIDF
from engine.stages.baseline import BaselineParams
from store.database import Database
from store.detectors import list_contestants
from store.errors import UnknownName
from store.schema import row_id
from tui.runs import JobDraft
from tui.training import assemble_recipe
from tui.workspace import Workspace

FITTED: Final = (MAJORITY, TFIDF)
RECIPE: Final = "real"  # whose rows they are fitted on unless another is named


def add_fitted(
    workspace: Workspace, database: Database, draft: JobDraft, base: str, recipe: str
) -> str:
    """Add a baseline to the job unless it is there already, and return its id.

    It is there where the training rows, the seed and the task's labels are the same. Raises
    UnknownName for a baseline there is not, and RecipeRefused.
    """
    if base not in FITTED:
        raise UnknownName(f"There is no {base!r}. Baselines: {', '.join(FITTED)}.")
    rows = assemble_recipe(workspace, database, workspace.recipe(recipe))
    labels, seed = workspace.task.labels, workspace.settings.seed
    params = BaselineParams(
        detector_id=row_id(base, rows.digest, seed, *labels),
        base=base,
        recipe=rows.recipe,
        labels=labels,
        training_digest=rows.digest,
        seed=seed,
    )
    if not any(item.detector_id == params.detector_id for item in list_contestants(database)):
        stage = StageSpec(name="baseline", params=params.model_dump(mode="json"))
        draft.add(stage, rows.rows.height, training_rows=rows.rows)
    return params.detector_id
