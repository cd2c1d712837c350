"""Adds baselines to a job: what detectors are compared with.

Some are fitted on the rows of a recipe; a language model is told what the labels mean, and no more.
"""

from pathlib import Path
from typing import Final

from engine.generation.templates import LABELS, Template, load_template
from engine.jobs.draft import JobDraft, PlannedStage
from engine.models.baseline import MAJORITY, TFIDF
from engine.models.references import parse_reference
from engine.stages.baseline import ZERO_SHOT, BaselineParams
from engine.stages.classify import ClassifyParams
from store.bases import LLM
from store.database.connection import Database
from store.detectors import list_contestants
from store.errors import UnknownName
from store.training import TrainingSet
from tui.services.errors import SettingsInvalid
from tui.services.jobs.training import assemble_recipe
from tui.services.settings import Task, presets
from tui.services.workspace import Workspace

BASES: Final = (MAJORITY, TFIDF)
RECIPE: Final = "real"  # whose rows they are fitted on unless another is named
TEMPLATE: Final = "judge"


def add_fitted(
    workspace: Workspace, database: Database, draft: JobDraft, base: str, recipe: str
) -> str:
    """The id of a fitted baseline, which is added to the job unless it is stored.

    It is stored where the training rows, the seed and the task's labels are the same. Raises
    UnknownName for a baseline there is not, and RecipeRefused.
    """
    if base not in BASES:
        raise UnknownName(f"There is no {base!r}. Baselines: {', '.join(BASES)}, {LLM}MODEL.")
    rows = assemble_recipe(workspace, database, workspace.recipe(recipe))
    labels, seed = workspace.task.labels, workspace.settings.seed
    params = BaselineParams.fitted(base, rows.recipe, labels, rows.digest, seed)
    return _add(database, draft, params, rows)


def add_language_model(workspace: Workspace, database: Database, draft: JobDraft, base: str) -> str:
    """The id of a language model, "llm:" and its reference, added to the job unless it is stored.

    It is stored where the prompt, the labels and the workspace's seed are the same. Raises
    ModelUnavailable for what is no reference, and SettingsInvalid where the template names no
    labels.
    """
    params = BaselineParams.language_model(ask_for_label(workspace, base.removeprefix(LLM)))
    return _add(database, draft, params, TrainingSet.empty(ZERO_SHOT))


def ask_for_label(workspace: Workspace, reference: str) -> ClassifyParams:
    """How a language model is asked for one of the task's labels.

    Raises ModelUnavailable for what is no reference, and SettingsInvalid where the template names
    no labels.
    """
    return ClassifyParams.zero_shot(
        parse_reference(reference),
        _read_template(workspace),
        workspace.task.labels,
        workspace.settings.answers,
        workspace.settings.seed,
    )


def _add(database: Database, draft: JobDraft, params: BaselineParams, rows: TrainingSet) -> str:
    if not any(item.detector_id == params.detector_id for item in list_contestants(database)):
        tables = {"training_rows": rows.rows}
        draft.add(PlannedStage("baseline", params, rows.rows.height, tables))
    return params.detector_id


def _read_template(workspace: Workspace) -> Template:
    """The workspace's template, or that of the package, with the task's labels in it."""
    file = f"{TEMPLATE}.toml"
    own = workspace.path / "templates" / file
    path = own if own.is_file() else Path(str(presets() / "templates" / file))
    template = load_template(path)
    if LABELS not in template.system + template.prompt:
        raise SettingsInvalid(
            f"{path} has no {LABELS}, the place where the labels and their definitions go."
        )
    defined = _define(workspace.task)
    return template.model_copy(
        update={
            part: getattr(template, part).replace(LABELS, defined) for part in ("system", "prompt")
        }
    )


def _define(task: Task) -> str:
    return "\n".join(f"- {label.name}: {label.definition}" for label in task.label)
