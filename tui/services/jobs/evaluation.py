"""Turns detectors and a dataset into the job that evaluates them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from engine.errors import ModelUnavailable
from engine.jobs.draft import JobDraft, PlannedStage
from engine.models.detector import REPLACE_IT
from engine.stages.baseline import BaselineParams
from engine.stages.classify import ClassifyParams
from engine.stages.evaluate import EvaluateParams
from engine.stages.speed import SpeedParams
from engine.training.params import TrainParams
from store.bases import FITTED, is_language_model
from store.database.connection import Database
from store.datasets import evaluation_samples, require_dataset
from store.detectors import detector_frame, find_contestant, list_contestants
from store.evaluations import (
    Evaluation,
    evaluated_sample_ids,
    extend_evaluations,
    list_evaluations,
)
from store.ids import benchmark_digest, evaluation_id
from tui.services.errors import NothingToDo
from tui.services.jobs.baselines import add_fitted, add_language_model
from tui.services.jobs.training import fault_of
from tui.services.task_labels import require_labels, require_outputs
from tui.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Contest:
    """What is compared: detectors, the job that trains and evaluates them, what was left out."""

    detector_ids: tuple[str, ...]
    draft: JobDraft  # without stages where nothing is missing
    left_out: tuple[str, ...] = ()  # why recipes or detectors are not among them


def evaluate_all(
    database: Database,
    detector_ids: Sequence[str],
    dataset: str,
    draft: JobDraft | None = None,
    *,
    retry_errors: bool = False,
    is_timed: bool = True,
) -> Contest:
    """A contest whose job has the evaluations that are missing, and, if `is_timed`, their timing.

    The job may train some of the detectors before. Only rows that an evaluation lacks are
    evaluated, so of a dataset that has grown its new ones; with `retry_errors`, a language model is
    also asked about those that it gave no reply to. A reply that names no label is its answer, and
    stays. A model on a server is not timed: that would cost
    again, and say nothing of this machine. A detector that cannot be loaded is left out, unless it
    was evaluated before. Raises UnknownName where the dataset is unknown, and ModelUnavailable
    where no detector is left.
    """
    draft = draft or JobDraft()
    samples = evaluation_samples(database, dataset)
    known = {item.detector_id: item for item in list_evaluations(database, dataset)}
    evaluated = {name for name, item in known.items() if item.n == samples.height}
    faults = _find_faults(database, set(detector_ids) - evaluated - _made_by(draft))
    if detector_ids and len(faults) == len(detector_ids):
        raise ModelUnavailable(" ".join(faults.values()))
    chosen = [item for item in detector_ids if item not in faults]
    models = _language_models(database, draft)
    run_here = tuple(item for item in chosen if item not in evaluated | models.keys())
    tables = {"detectors": detector_frame(database, run_here), "samples": samples}
    has_others = len(chosen) > 1
    if grown := [known[item] for item in run_here if item in known]:
        _extend(database, draft, grown, samples, may_leave_out=has_others)
    if whole := tuple(item for item in run_here if item not in known):
        params = EvaluateParams(detector_ids=whole, may_leave_out=has_others)
        draft.add(PlannedStage("evaluate", params, samples.height, tables))
    asked = [
        models[item]
        for item in chosen
        if item in models and _ask(database, draft, models[item], dataset, samples, retry_errors)
    ]
    timing = SpeedParams(
        detector_ids=run_here,
        judges=tuple(model for model in asked if model.needs_device),
        may_leave_out=has_others,
    )
    if is_timed and (timing.detector_ids or timing.judges):
        draft.add(PlannedStage("speed", timing, samples.height, tables))
    return Contest(tuple(chosen), draft, tuple(faults.values()))


def _extend(
    database: Database,
    draft: JobDraft,
    grown: Sequence[Evaluation],
    samples: pl.DataFrame,
    *,
    may_leave_out: bool,
) -> None:
    """Add the rows that came to a dataset after detectors were evaluated on it."""
    done = [evaluated_sample_ids(database, item.evaluation_id) for item in grown]
    extend_evaluations(database, grown[0].dataset)  # which then have other ids
    digest = benchmark_digest(samples)
    for evaluation, ids in zip(grown, done, strict=True):
        due = samples.filter(~samples["sample_id"].is_in(ids))
        chosen = [evaluation.detector_id]
        params = EvaluateParams(
            detector_ids=tuple(chosen), dataset_digest=digest, may_leave_out=may_leave_out
        )
        tables = {"detectors": detector_frame(database, chosen), "samples": due}
        draft.add(PlannedStage("evaluate", params, due.height, tables))


def _ask(
    database: Database,
    draft: JobDraft,
    model: ClassifyParams,
    dataset: str,
    samples: pl.DataFrame,
    retry_errors: bool,
) -> bool:
    """Add the rows that a language model was not asked about; whether there are any."""
    digest = benchmark_digest(samples)
    stored = evaluation_id(model.detector_id, dataset, digest)
    answered = evaluated_sample_ids(database, stored, but_unanswered=retry_errors)
    due = samples.filter(~samples["sample_id"].is_in(answered))
    if due.is_empty():
        return False
    params = model.model_copy(update={"dataset_digest": digest})
    draft.add(PlannedStage("judge", params, due.height, {"samples": due}))
    return True


def _made_by(draft: JobDraft) -> set[str]:
    """The ids of what a job trains or enters."""
    trained = {params.detector_id for params in draft.params(TrainParams)}
    return trained.union(params.detector_id for params in draft.params(BaselineParams))


def _find_faults(database: Database, detector_ids: Collection[str]) -> dict[str, str]:
    """A sentence for each of these detectors that is stored and cannot be loaded."""
    found = {}
    for item in list_contestants(database):
        if item.detector_id in detector_ids and (fault := fault_of(database, item)):
            found[item.detector_id] = f"{item.name}: {fault}. {REPLACE_IT}"
    return found


def _language_models(database: Database, draft: JobDraft) -> Mapping[str, ClassifyParams]:
    """How language models are asked, by id: those that are stored, and those of the draft."""
    stored = [
        BaselineParams.model_validate(item.params)
        for item in list_contestants(database)
        if item.is_language_model
    ]
    entered = [*stored, *draft.params(BaselineParams)]
    return {params.detector_id: params.judge for params in entered if params.judge}


def require_truth(workspace: Workspace, database: Database, dataset: str) -> None:
    """Raise UnknownName for an unknown dataset, LabelUnknown where it has labels the task lacks."""
    found = require_dataset(database, dataset).labels
    require_labels(workspace.task, found, f"Rows of {dataset!r} have")


def evaluate_one(
    workspace: Workspace,
    database: Database,
    name: str,
    dataset: str,
    recipe: str | None,
    *,
    retry_errors: bool = False,
) -> Contest:
    """The evaluation of a detector, or of a baseline, which is entered first.

    Only a baseline that is fitted takes a `recipe`, and only a language model is asked again about
    rows with an error. Raises UnknownName, NothingToDo, RecipeRefused and ModelUnavailable.
    """
    require_truth(workspace, database, dataset)
    draft = JobDraft()
    if name.startswith(FITTED):
        chosen = add_fitted(workspace, database, draft, name, recipe)
    elif recipe is not None:
        raise NothingToDo(f"{name} is fitted on no recipe here: omit --recipe.")
    elif is_language_model(name):
        chosen = add_language_model(workspace, database, draft, name)
    else:
        chosen = find_contestant(database, name).detector_id
    for item in list_contestants(database):
        if item.detector_id == chosen:
            require_outputs(workspace.task, item)
    if retry_errors and chosen not in _language_models(database, draft):
        raise NothingToDo(
            f"{name} is no language model, which could be asked again: omit --retry-errors."
        )
    return evaluate_all(database, [chosen], dataset, draft, retry_errors=retry_errors)
