"""What goes with an export: its provenance, and the exports that are more than a query."""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from engine.jobs.records import installed_versions
from engine.models.detector import detector_folder
from engine.models.onnx import require_onnx, write_onnx
from store.counts import Counts, count_all
from store.database.connection import Database
from store.datasets import DatasetSummary, list_datasets
from store.detectors import DetectorRow, find_detector, list_detectors
from store.errors import StoreError
from store.redacted import Redacted, list_redactions
from tui.services.job_views import view_job
from tui.services.jobs.training import assemble_recipe
from tui.services.results.drift_scores import ScoredConfig, read_config
from tui.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Unsent:
    """What a model server did not get of the sampling, since it refuses it, in one stage."""

    job_id: str
    stage: str
    asked: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a reader of an export must know of where it comes from."""

    export: str
    exported_at: str
    task: Mapping[str, Any]
    settings: Mapping[str, Any]
    datasets: tuple[DatasetSummary, ...]
    redacted: tuple[Redacted, ...]  # what was taken out of texts before they came in
    counts: Counts
    unsent: tuple[Unsent, ...]
    drift: ScoredConfig
    versions: Mapping[str, str]


def describe_provenance(workspace: Workspace, database: Database, what: str) -> Provenance:
    """The provenance of an export that is made now; `what` names its kind."""
    return Provenance(
        export=what,
        exported_at=database.now().isoformat(timespec="seconds"),
        task=workspace.task.model_dump(mode="json"),
        settings=workspace.settings.model_dump(mode="json", exclude={"annotator", "keys", "theme"}),
        datasets=tuple(
            replace(item, labels={label or "unlabelled": n for label, n in item.labels.items()})
            for item in list_datasets(database)
        ),
        redacted=tuple(item for found in list_redactions(database).values() for item in found),
        counts=count_all(database),
        unsent=tuple(_read_unsent(workspace)),
        drift=read_config(database),
        versions=installed_versions(),
    )


def _read_unsent(workspace: Workspace) -> Iterator[Unsent]:
    for job in workspace.supervisor.jobs():
        for stage in view_job(job).stages:
            if stage.unsent:
                yield Unsent(job.job_id, stage.name, stage.unsent)


def training_frame(workspace: Workspace, database: Database, recipe: str) -> pl.DataFrame:
    """The rows that a recipe selects now (schema TRAINING_ROWS)."""
    return assemble_recipe(workspace, database, workspace.recipe(recipe)).rows


def copy_detector(
    workspace: Workspace, database: Database, name: str | None, to: Path, *, with_onnx: bool = False
) -> DetectorRow:
    """Copy a detector's folder, the newest if none is named; which one it was.

    Raises StoreError if `to` exists or there is no detector, and PackageMissing if ONNX is
    wanted and cannot be written.
    """
    if with_onnx:
        require_onnx()
    detectors = list_detectors(database)
    if not detectors and name is None:
        raise StoreError("There is no detector yet; `backquery train RECIPE` makes one.")
    chosen = detectors[-1] if name is None else find_detector(database, name)
    if to.exists():
        raise StoreError(f"{to} exists already; name another folder with --to.")
    shutil.copytree(detector_folder(workspace.path, chosen.detector_id), to)
    if with_onnx:
        write_onnx(to)
    return chosen
