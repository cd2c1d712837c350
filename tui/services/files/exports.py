"""What goes with an export: its provenance, and the exports that are more than a query."""

import json
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

import polars as pl

from engine.jobs.job import installed_versions
from engine.models.detector import detector_folder
from engine.models.onnx import require_onnx, write_onnx
from store.counts import count_all
from store.database.connection import Database
from store.datasets import list_datasets
from store.detectors import find_detector, list_detectors
from store.errors import StoreError
from tui.services.jobs.training import assemble_recipe
from tui.services.results.drift_scores import read_config
from tui.services.workspace import Workspace, view_job


def provenance(workspace: Workspace, database: Database, what: str) -> dict[str, Any]:
    """Return what a reader of the file must know of where it comes from."""
    return {
        "export": what,
        "exported_at": database.now().isoformat(timespec="seconds"),
        "task": workspace.task.model_dump(mode="json"),
        "settings": workspace.settings.model_dump(mode="json", exclude={"annotator", "keys"}),
        "datasets": [asdict(item) | {"labels": _labels(item.labels)} for item in
                     list_datasets(database)],
        "counts": asdict(count_all(database)),
        "unsent": _unsent(workspace),
        "drift": asdict(read_config(database)),
        "versions": installed_versions(),
    }  # fmt: skip


def _unsent(workspace: Workspace) -> list[dict[str, str]]:
    """What model servers did not get of the sampling, since they refuse it, by job and stage."""
    return [
        {"job_id": job.job_id, "stage": stage.name, "asked": stage.unsent}
        for job in workspace.supervisor.jobs()
        for stage in view_job(job).stages
        if stage.unsent
    ]


def _labels(labels: Any) -> dict[str, int]:
    return {label or "unlabelled": rows for label, rows in labels.items()}


def training_frame(workspace: Workspace, database: Database, recipe: str) -> pl.DataFrame:
    """Return the rows that a recipe selects now (schema TRAINING_ROWS)."""
    return assemble_recipe(workspace, database, workspace.recipe(recipe)).rows


def export_detector(
    workspace: Workspace, database: Database, name: str | None, to: Path, *, with_onnx: bool = False
) -> Path:
    """Copy a detector's folder, the newest where none is named; return its card's path.

    Raises StoreError where `to` exists or there is no detector, and PackageMissing where ONNX is
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
    card = to / "provenance.json"
    about = provenance(workspace, database, "detector") | {"detector": asdict(chosen)}
    card.write_text(json.dumps(about, indent=1, default=str) + "\n", encoding="utf-8")
    return card
