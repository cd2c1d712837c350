"""Adds baselines to a job: what detectors are compared with.

Some are fitted on the rows of a recipe; a language model is told what the labels mean, and no more.
"""

from typing import Final

from engine.jobs.draft import JobDraft, PlannedStage
from engine.models.baseline_name import (
    CROSS_ENCODER,
    OF_PAIRS,
    OF_TEXTS,
    TAKE_AN_ENCODER,
    BaselineName,
)
from engine.models.references import make_absolute, parse_reference, resolve_checkpoint
from engine.stages.baseline import BaselineParams
from store.bases import LLM, PROMPT
from store.database.connection import Database
from store.detectors import list_contestants
from store.errors import RecipeRefused, UnknownName
from store.training import TrainingSet
from tui.services.jobs.language_models import ask_for_label, tell_to_refuse
from tui.services.jobs.training import assemble_recipe
from tui.services.settings import Task
from tui.services.workspace import Workspace

# Whose rows they are fitted on unless another is named: the first that selects any.
RECIPES: Final = ("real",)
RECIPES_OF_PAIRS: Final = ("invented", "real")


CROSS_ENCODER_MODEL: Final = "hf:cross-encoder/stsb-roberta-base"  # the off-topic paper's


def names_at_hand(task: Task) -> tuple[str, ...]:
    """What the baselines are called that need no model but the workspace's own encoder."""
    return (*OF_TEXTS, *TAKE_AN_ENCODER) if task.is_pair else OF_TEXTS


def add_fitted(
    workspace: Workspace, database: Database, draft: JobDraft, name: str, recipe: str | None = None
) -> str:
    """The id of a fitted baseline, which is added to the job unless it is stored.

    It is stored where the training rows, the seed, the task's labels and the model that it takes
    are the same. Raises UnknownName for a baseline there is not for this task, ModelUnavailable for
    a model that there is not, and RecipeRefused.
    """
    base = _find_base(workspace, name)
    rows = _assemble_rows(workspace, database, recipe)
    task, seed = workspace.task, workspace.settings.seed
    params = BaselineParams.fitted(
        str(base),
        rows.recipe,
        task.labels,
        rows.digest,
        seed,
        name=name,
        positives=tuple(sorted(task.positives)) if base.model else (),
    )
    return _add(database, draft, params, rows)


def _find_base(workspace: Workspace, name: str) -> BaselineName:
    """The baseline of that name, with the model that it takes."""
    base, task = BaselineName.parse(name), workspace.task
    names = OF_PAIRS if task.is_pair else OF_TEXTS
    asked = (LLM, PROMPT) if task.refusal_means else (LLM,)
    known = f"Baselines: {', '.join([*names, *(f'{prefix}MODEL' for prefix in asked)])}."
    if base.kind in OF_PAIRS and base.kind not in names:
        raise UnknownName(
            f"{base.kind} compares the two texts of a pair, and the task {task.name!r} has single "
            f"texts. {known}"
        )
    if base.kind not in names:
        raise UnknownName(f"There is no {name!r}. {known}")
    if base.kind in OF_TEXTS:
        if base.model:
            raise UnknownName(f"{base.kind} takes no model: omit @{base.model}.")
        return base
    encoder = workspace.settings.queries.encoder
    own = CROSS_ENCODER_MODEL if base.kind == CROSS_ENCODER else encoder
    reference = make_absolute(parse_reference(base.model or own))
    if reference.kind in ("path", "openai"):
        resolve_checkpoint(reference)  # so that a wrong one is refused at once
    return BaselineName(base.kind, str(reference))


def _assemble_rows(workspace: Workspace, database: Database, recipe: str | None) -> TrainingSet:
    """The rows of a recipe, or of the first by default that selects any."""
    *firsts, last = (recipe,) if recipe else _default_recipes(workspace.task)
    for name in firsts:
        try:
            return assemble_recipe(workspace, database, workspace.recipe(name))
        except RecipeRefused:
            continue
    return assemble_recipe(workspace, database, workspace.recipe(last))


def _default_recipes(task: Task) -> tuple[str, ...]:
    return RECIPES_OF_PAIRS if task.is_pair else RECIPES


def add_language_model(workspace: Workspace, database: Database, draft: JobDraft, base: str) -> str:
    """The id of a language model, by its reference, added to the job unless it is stored.

    Behind "llm:" it is asked for a label, behind "prompt:" told to refuse. It is stored where the
    prompt, the labels and the workspace's seed are the same. Raises ModelUnavailable for what is no
    reference, SettingsInvalid where the template lacks a place, and UnknownName where no refusal
    means anything.
    """
    if base.startswith(PROMPT):
        asked = tell_to_refuse(workspace, base.removeprefix(PROMPT))
    else:
        asked = ask_for_label(workspace, base.removeprefix(LLM))
    params = BaselineParams.language_model(asked)
    return _add(database, draft, params, TrainingSet.empty(params.recipe))


def _add(database: Database, draft: JobDraft, params: BaselineParams, rows: TrainingSet) -> str:
    if not any(item.detector_id == params.detector_id for item in list_contestants(database)):
        tables = {"training_rows": rows.rows}
        draft.add(PlannedStage("baseline", params, rows.rows.height, tables))
    return params.detector_id
