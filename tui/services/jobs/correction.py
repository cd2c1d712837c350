"""The job that asks for better answers in place of those that were rightly flagged."""

from dataclasses import dataclass

from pydantic import ValidationError

from engine.generation.params import GenerationParams
from engine.jobs.draft import JobDraft, PlannedStage
from engine.jobs.settings import CorrectionSettings
from engine.models.detector import REPLACE_IT
from engine.models.references import parse_reference
from engine.stages.correct import CorrectParams
from store.corrections import (
    CorrectionCounts,
    count_corrections,
    due_for_correction,
    list_prompts,
    next_correction,
)
from store.counting import counted
from store.database.connection import Database
from store.datasets import require_dataset
from store.detectors import DetectorRow, find_detector, list_detectors
from store.thresholds import find_threshold
from store.validation import describe_problems
from tui.services.errors import DetectorMissing, NothingToDo, SettingsInvalid
from tui.services.jobs.language_models import correcting_template
from tui.services.jobs.training import fault_of
from tui.services.learning import make_labels_fresh
from tui.services.task_labels import require_outputs
from tui.services.workspace import Workspace

STAGE = "correct"


@dataclass(frozen=True, slots=True)
class CorrectionRequest:
    """Which answers are corrected, and how; what is None is as workspace.toml has it.

    Without a `detector` it is the newest one that has to pass a correction.
    """

    dataset: str | None = None
    model: str | None = None
    candidates: int | None = None
    detector: str | None = None
    limit: int | None = None
    retry_errors: bool = False


def draft_correction(
    workspace: Workspace, database: Database, request: CorrectionRequest
) -> JobDraft:
    """The job that corrects what is due.

    Raises NothingToDo where nothing is, DetectorMissing, UnknownName, ModelUnavailable, and
    SettingsInvalid.
    """
    if request.dataset is not None:
        require_dataset(database, request.dataset)
    make_labels_fresh(workspace, database)
    params = _params(workspace, database, request)
    positives = workspace.task.positives
    due = due_for_correction(
        database,
        positives,
        request.dataset,
        params.made,
        retry=request.retry_errors,
        limit=request.limit,
    )
    if due.is_empty():
        counts = count_corrections(database, positives, request.dataset)
        raise NothingToDo(_nothing_due(counts, request))
    tables = {"flagged_answers": due, "prompts": list_prompts(database, request.dataset)}
    return JobDraft([PlannedStage(STAGE, params, due.height, tables)])


def _params(workspace: Workspace, database: Database, request: CorrectionRequest) -> CorrectParams:
    settings, task = workspace.settings, workspace.task
    chosen = _chosen(settings.corrections, request.candidates)
    model = request.model or chosen.model or settings.answers.models[0]
    detector = _detector(workspace, database, request.detector)
    threshold = find_threshold(database, detector.detector_id)
    shared = GenerationParams.of(
        chosen,
        str(parse_reference(model)),
        correcting_template(workspace),
        seed=settings.seed,
        attempt=next_correction(database) if request.retry_errors else 1,
        limits=settings.quality.corrections,
    )
    return CorrectParams(
        **dict(shared),
        candidates=chosen.candidates,
        definitions={label.name: label.definition for label in task.label},
        positives=tuple(label.name for label in task.label if label.positive),
        detector_id=detector.detector_id,
        threshold=threshold.threshold if threshold else None,
        scorer=settings.drift.model,
        layer=settings.drift.layer,
        precision=settings.drift.precision,
    )


def _chosen(settings: CorrectionSettings, candidates: int | None) -> CorrectionSettings:
    """The settings with another number of candidates. Raises SettingsInvalid."""
    if candidates is None:
        return settings
    try:
        return CorrectionSettings.model_validate({**dict(settings), "candidates": candidates})
    except ValidationError as error:
        raise SettingsInvalid(f"--candidates: {describe_problems(error)}.") from error


def _detector(workspace: Workspace, database: Database, name: str | None) -> DetectorRow:
    """The detector that has to pass corrections. Raises DetectorMissing and UnknownName."""
    known = list_detectors(database)
    if name is None and not known:
        raise DetectorMissing(
            "There is no detector that could say whether a correction is right: `backquery train "
            "RECIPE` makes one."
        )
    chosen = known[-1] if name is None else find_detector(database, name)
    if fault := fault_of(database, chosen):
        raise DetectorMissing(f"{chosen.name}: {fault}. {REPLACE_IT}")
    require_outputs(workspace.task, chosen)
    return chosen


def _nothing_due(counts: CorrectionCounts, request: CorrectionRequest) -> str:
    """Why there is nothing to correct, and what to do."""
    where = f" of {request.dataset}" if request.dataset else ""
    on = request.dataset or "DATASET"
    if not counts.right_alarms:
        return (
            f"No flagged answer{where} has a positive label yet: `backquery patterns --on {on}` "
            "shows what was flagged, to be labelled."
        )
    if counts.right_alarms == counts.without_prompt:
        return (
            f"None of {counted(counts.right_alarms, 'right alarm')}{where} has a prompt, so there "
            "is nothing to answer: import logs that have the user's turn."
        )
    failed = counts.asked - counts.corrected
    again = (
        f" Of {counted(failed, 'answer')} no candidate was kept; --retry-errors asks again."
        if failed and not request.retry_errors
        else ""
    )
    return f"Every right alarm{where} with a prompt was corrected in this way already.{again}"
