"""Evaluating what a job trains on the development set, beside the initial detector."""

from engine.jobs.draft import JobDraft, PlannedStage
from engine.stages.evaluate import EvaluateParams
from engine.training.params import TrainParams
from store.database.connection import Database
from store.detectors import detector_frame, initial_detector
from store.development import DEVELOPMENT, Development
from store.evaluations import evaluated_sample_ids
from store.ids import evaluation_id


def add_development(database: Database, draft: JobDraft, development: Development) -> None:
    """Let a job evaluate the detectors that it trains, and the initial one unless it was.

    Nothing is added where there is no development set or no initial detector.
    """
    initial = initial_detector(database)
    if development.rows.is_empty() or initial is None:
        return
    samples = development.samples
    known = evaluation_id(initial.detector_id, DEVELOPMENT, development.digest)
    is_known = len(evaluated_sample_ids(database, known)) == samples.height
    stored = [] if is_known else [initial.detector_id]
    trained = [params.detector_id for params in draft.params(TrainParams)]
    tables = {"detectors": detector_frame(database, stored), "samples": samples}
    params = EvaluateParams(detector_ids=(*stored, *trained), may_leave_out=True)
    draft.add(PlannedStage("evaluate", params, samples.height, tables))
