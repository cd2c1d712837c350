"""A simulation: labelling replayed on known labels, as a job whose rows are stored nowhere else."""

from collections.abc import Sequence

import polars as pl

from engine.errors import ModelUnavailable
from engine.jobs.draft import JobDraft, PlannedStage, Remark
from engine.models.detector import REPLACE_IT
from engine.stages.simulate import SimulateParams
from store.counting import counted
from store.database.connection import Database
from store.datasets import evaluation_samples
from store.detectors import DetectorRow, detector_frame, initial_detector
from tui.services.errors import DetectorMissing, NothingToDo
from tui.services.jobs.evaluation import require_truth
from tui.services.jobs.training import fault_of
from tui.services.workspace import Workspace

STAGE = "simulate"
KEYS = (30, 60, 120)
STARTS = 5
MOST_STARTS = 100
MOST_DECIDED = 0.8  # of the rows; beyond, little is left to spread to


def draft_simulation(
    workspace: Workspace, database: Database, dataset: str, keys: Sequence[int], starts: int
) -> JobDraft:
    """The job of a simulation on a dataset, with a remark on keys that it has too few rows for.

    Raises UnknownName and LabelUnknown for the dataset, DetectorMissing and ModelUnavailable for
    the initial detector, and NothingToDo for too few rows or a single label.
    """
    require_truth(workspace, database, dataset)
    samples = evaluation_samples(database, dataset).filter(
        pl.col("label").is_not_null() & pl.col("text").str.contains(r"\S")
    )
    if samples["label"].n_unique() < 2:
        raise NothingToDo(
            f"The rows of {dataset!r} with a label all have the same one, so there is nothing to "
            "learn: name a dataset with two labels or more."
        )
    most = int(MOST_DECIDED * samples.height)
    possible = tuple(sorted({count for count in keys if count <= most}))
    if not possible:
        raise NothingToDo(
            f"{dataset!r} has {counted(samples.height, 'row')} with a label, and at most {most} "
            f"of them can be decided: `--keys {max(most // 2, 1)}`, say."
        )
    detector = _detector(database)
    params = SimulateParams(
        detector_id=detector.detector_id,
        encoder=workspace.settings.queries.encoder,
        keys=possible,
        starts=starts,
        seed=workspace.settings.seed,
    )
    tables = {"samples": samples, "detectors": detector_frame(database, [detector.detector_id])}
    draft = JobDraft([PlannedStage(STAGE, params, samples.height * starts, tables)])
    for count in sorted(set(keys) - set(possible)):
        draft.add(
            Remark(
                f"{counted(count, 'key')} are left out: {dataset!r} has "
                f"{counted(samples.height, 'row')}, and at most {most} of them can be decided."
            )
        )
    return draft


def _detector(database: Database) -> DetectorRow:
    detector = initial_detector(database)
    if detector is None:
        raise DetectorMissing(
            "There is no initial detector yet, which predicts labels and embeds: "
            "`backquery train initial` trains it on the rows with the role seed or train, and "
            "`backquery run --initial path:FOLDER` brings one along."
        )
    if fault := fault_of(database, detector):
        raise ModelUnavailable(f"{detector.name}: {fault}. {REPLACE_IT}")
    return detector
