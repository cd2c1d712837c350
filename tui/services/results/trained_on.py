"""The rows that a detector was trained on, as its job keeps them."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from engine.errors import EngineError
from engine.jobs.records import StageSpec
from engine.stages.baseline import BaselineStage
from engine.stages.train import TrainStage
from engine.training.held_out import hold_out
from engine.training.params import TrainParams
from store.database.connection import Database
from store.datasets import evaluation_samples
from store.detectors import DetectorRow
from store.leaks.overlap import Overlap, count_overlap, with_keys
from store.sources import TRAINING_ROWS
from tui.services.results.near_copies import find_near_copies, read_near_copies
from tui.services.workspace import Workspace

STAGES = (TrainStage.name, BaselineStage.name)


def find_overlaps(
    workspace: Workspace,
    database: Database,
    dataset: str,
    detectors: Sequence[DetectorRow],
    *,
    may_search: bool,
) -> dict[str, Overlap | None]:
    """By detector_id, how much of a dataset each was trained on; None where that is not known.

    It is not of language models, of detectors that were brought along, and once the job is gone.
    Near copies are those that were found before, unless it `may_search`, which takes seconds.
    """
    if not detectors:
        return {}
    rows = with_keys(evaluation_samples(database, dataset))
    read = {item.detector_id: read_training_rows(workspace, item) for item in detectors}
    trainings = {name: with_keys(found) for name, found in read.items() if found is not None}
    known = {item.detector_id: item for item in detectors if item.detector_id in trainings}
    near = (
        find_near_copies(workspace, rows, known, trainings)
        if may_search
        else read_near_copies(workspace, rows, known)
    )
    overlaps = {
        name: replace(count_overlap(rows, training), near=near.get(name))
        for name, training in trainings.items()
    }
    return {item.detector_id: overlaps.get(item.detector_id) for item in detectors}


def read_training_rows(workspace: Workspace, detector: DetectorRow) -> pl.DataFrame | None:
    """The rows (schema TRAINING_ROWS) that a detector's weights follow from; None if unknown.

    Rows held out are among them only where the training could stop by them.
    """
    if detector.is_language_model or not detector.training_rows:
        return None
    try:
        job = workspace.supervisor.job(detector.job_id)
        stages = job.spec().stages
    except EngineError:
        return None
    for number, stage in enumerate(stages):
        if stage.name in STAGES and stage.params.get("detector_id") == detector.detector_id:
            return _read(job.inputs_dir(number, stage.name) / "training_rows.parquet", stage)
    return None


def _read(path: Path, stage: StageSpec) -> pl.DataFrame | None:
    try:
        found = pl.read_parquet(path, glob=False)
        if "context" not in found.columns:  # written before there were pairs
            found = found.with_columns(context=pl.lit(None, pl.String))
        rows = found.select(list(TRAINING_ROWS))
    except (OSError, pl.exceptions.PolarsError):
        return None
    if stage.name != TrainStage.name:
        return rows
    params = TrainParams.model_validate(stage.params)
    numbers = range(max(len(params.stages), 1))
    if any(params.for_stage(number).early_stop_epochs for number in numbers):
        return rows
    return hold_out(rows, params.validation_share, params.seed)[0]
