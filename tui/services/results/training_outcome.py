"""What came of a training: against the initial detector, and what speaks against it."""

from dataclasses import replace

from engine.jobs.draft import JobDraft
from engine.training.params import TrainParams
from store.detectors import list_detectors
from tui.services.results.against_initial import compare_with_initial
from tui.services.results.training_doubts import warn_of_losses
from tui.services.results.training_preview import TrainingPreview
from tui.services.workspace import Workspace


def add_outcome(workspace: Workspace, preview: TrainingPreview, job: JobDraft) -> TrainingPreview:
    """The preview of a training with what came of it, once its job is done."""
    trained = [params.detector_id for params in job.params(TrainParams)]
    with workspace.database() as database:
        found = compare_with_initial(workspace, database, trained)
        detectors = [item for item in list_detectors(database) if item.detector_id in trained]
    losses = warn_of_losses(workspace.path, detectors)
    return replace(preview, against_initial=found, warnings=(*preview.warnings, *losses))
