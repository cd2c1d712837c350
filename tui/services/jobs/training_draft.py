"""Trainings before they start: what a recipe would train on, and the job to be."""

from dataclasses import dataclass

from engine.jobs.draft import JobDraft
from engine.training.params import TrainParams
from store.database.connection import Database
from store.detectors import list_detectors
from store.training import TrainingSet
from tui.services.jobs.development import add_development
from tui.services.jobs.training import assemble_recipe, plan_training, train_params
from tui.services.results.training_preview import TrainingPreview, preview_training
from tui.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class TrainingDraft:
    """A training that can be started; `known` names the detector that it would make again."""

    preview: TrainingPreview
    job: JobDraft
    known: str = ""


def draft_recipe(workspace: Workspace, database: Database, name: str) -> TrainingDraft:
    """The training of a recipe as it is now. Raises StoreError, ServiceError and EngineError."""
    rows = assemble_recipe(workspace, database, workspace.recipe(name))
    job = draft_training(workspace, database, rows)
    (params,) = job.params(TrainParams)
    known = [
        item.name for item in list_detectors(database) if item.detector_id == params.detector_id
    ]
    return TrainingDraft(preview_training(rows, workspace.task), job, known[0] if known else "")


def draft_training(
    workspace: Workspace,
    database: Database,
    rows: TrainingSet,
    name: str | None = None,
    seeds: int = 1,
) -> JobDraft:
    """A job that trains on these rows, `seeds` times with another seed each, and evaluates.

    Without a name, the detector gets that of its recipe; several are numbered from 1. What is
    trained is evaluated on the development set, with the initial detector.
    """
    draft = JobDraft()
    for number in range(seeds):
        suffix = f"-{number + 1}" if seeds > 1 else ""
        own_name, seed = f"{name or rows.recipe}{suffix}", workspace.settings.seed + number
        draft.add(plan_training(train_params(workspace, rows, name=own_name, seed=seed), rows))
    add_development(database, draft, rows.development)
    return draft
