"""Stand-ins that tests share."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from engine.models.references import Checkpoint
from engine.parts import list_parts, write_parquet, write_part
from engine.stage import Inputs, Stage, StageParams
from store.schema import PARTS


@dataclass
class RecordedProgress:
    """A Progress that remembers what it was told."""

    total: int = 0
    done: int = 0
    notes: list[str] = field(default_factory=list)

    def start(self, total: int, done: int = 0) -> None:
        self.total, self.done = total, done

    def advance(self, rows: int, tokens: int = 0) -> None:
        self.done += rows

    def note(self, text: str) -> None:
        self.notes.append(text)


def checkpoint_at(folder: Path) -> Checkpoint:
    """Return what a `path:` reference to the folder resolves to."""
    return Checkpoint(str(folder), local_only=True)


def make_inputs(
    workspace: Path,
    tables: Mapping[str, pl.DataFrame],
    *,
    stage: str = "0-stage",
    earlier: Mapping[str, tuple[Path, ...]] | None = None,
    parts_done: int = 0,
    progress: RecordedProgress | None = None,
) -> Inputs:
    """Export the tables into a job folder and return what a stage in it would be given."""
    job = workspace / "jobs" / "job-1"
    inputs_dir, stage_dir = job / "inputs" / stage, job / stage
    for folder in (inputs_dir, stage_dir):
        folder.mkdir(parents=True, exist_ok=True)
    for name, frame in tables.items():
        write_parquet(inputs_dir / f"{name}.parquet", frame)
    return Inputs(
        job_id="job-1",
        workspace=workspace,
        inputs_dir=inputs_dir,
        stage_dir=stage_dir,
        earlier=dict(earlier or {}),
        parts_done=parts_done,
        device="cpu",
        progress=progress or RecordedProgress(),
    )


def run_stage(stage: Stage[Any], inputs: Inputs, params: StageParams) -> pl.DataFrame:
    """Run a stage as the worker does, and return the rows of all its parts."""
    schema = PARTS[stage.writes]
    for number, frame in enumerate(stage.run(inputs, params), start=inputs.parts_done):
        write_part(inputs.stage_dir, number, frame, schema)
    frames = [pl.read_parquet(part) for part in list_parts(inputs.stage_dir)]
    return pl.concat(frames) if frames else pl.DataFrame(schema=dict(schema))
