"""Rows of a dataset that detectors learned near copies of, searched for once and then kept.

The search takes seconds, so its result lies beside the training rows that it follows from, in the
folder of their job: when that is cleared, nothing is known of either.
"""

import json
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from engine.jobs.parts import write_text
from store.detectors import DetectorRow
from store.ids import text_digest
from store.leaks.near import count_near_copies
from tui.services.workspace import Workspace

FOLDER = "near-copies"


def read_near_copies(
    workspace: Workspace, rows: pl.DataFrame, detectors: Mapping[str, DetectorRow]
) -> dict[str, int]:
    """By detector_id, what was found before in these rows; only of those that were searched."""
    digest = _digest(rows)
    found = {name: _read(_path(workspace, item, digest)) for name, item in detectors.items()}
    return {name: near for name, near in found.items() if near is not None}


def find_near_copies(
    workspace: Workspace,
    rows: pl.DataFrame,
    detectors: Mapping[str, DetectorRow],
    trainings: Mapping[str, pl.DataFrame],
) -> dict[str, int]:
    """By detector_id, what is in these rows, with the keys of both; it is kept for the next time.

    It is not where the job's folder cannot be written to.
    """
    known = read_near_copies(workspace, rows, detectors)
    missing = {name: frame for name, frame in trainings.items() if name not in known}
    if not missing:
        return known
    found, digest = count_near_copies(rows, missing), _digest(rows)
    for name, near in found.items():
        _keep(_path(workspace, detectors[name], digest), near)
    return known | found


def _digest(rows: pl.DataFrame) -> str:
    return text_digest(
        "\n".join(f"{name} {text}" for name, text in rows.select("sample_id", "text").rows())
    )


def _path(workspace: Workspace, detector: DetectorRow, digest: str) -> Path:
    folder = workspace.supervisor.job(detector.job_id).path / FOLDER
    return folder / f"{detector.detector_id}-{digest[:16]}.json"


def _read(path: Path) -> int | None:
    try:
        near = json.loads(path.read_text(encoding="utf-8"))["near"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return near if isinstance(near, int) else None


def _keep(path: Path, near: int) -> None:
    try:
        path.parent.mkdir(exist_ok=True)
        write_text(path, json.dumps({"near": near}))
    except OSError:
        return
