"""A training whose detector is not in the store yet, as its job's folder tells."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from engine.jobs.job import JobFolder
from engine.jobs.records import ACTIVE, StageProgress
from engine.training.curve import CurveReader
from tui.frame.snapshot import JobLine
from tui.screens.training.curves import Curve, thin_curve
from tui.screens.training.plans import plan_of, seeds_key
from tui.screens.training.views import TrainingRow
from tui.services.numbers import show_time_left


class LiveTraining:
    """One `train` stage of a job; its curve is worked on only where it has grown."""

    def __init__(self, job: JobFolder, number: int, params: Mapping[str, Any]) -> None:
        self.curve = Curve()
        self._job, self._number, self._params = job, number, params
        self._reader = CurveReader(job.stage_dir(number, "train") / "curve.jsonl")
        self._rows = _count_rows(job, number)
        self._plan = plan_of(params)

    def row(self, job: JobLine) -> TrainingRow:
        """Read how far it is."""
        progress = self._job.progress(self._number, "train")
        self._read_curve()
        state, epochs = _state(job, progress), self.curve.epochs
        is_running = state in ACTIVE
        return TrainingRow(
            detector_id=self._params["detector_id"],
            name=self._params["name"],
            recipe=self._params["recipe"],
            rows=self._rows,
            epochs=len(epochs),
            planned=sum(stage.epochs for stage in self._plan),
            loss=epochs[-1].loss if epochs else None,
            state=state,
            share=min(progress.done / progress.total, 1.0) if progress.total else None,
            rows_per_s=progress.rows_per_s if is_running else None,
            when=job.created_at[:19].replace("T", " "),
            left=show_time_left(progress.eta_s) if is_running and progress.eta_s else "",
            note=progress.note if is_running else job.error or "",
            plan=self._plan,
            seeds=seeds_key(self._params),
        )

    def _read_curve(self) -> None:
        points = self._reader.read()
        if len(points) != self.curve.steps:
            self.curve = thin_curve(points)


def _count_rows(job: JobFolder, number: int) -> int:
    path = job.inputs_dir(number, "train") / "training_rows.parquet"
    return (
        int(pl.scan_parquet(path, glob=False).select(pl.len()).collect().item())
        if path.exists()
        else 0
    )


def _state(job: JobLine, progress: StageProgress) -> str:
    if progress.finished:
        return "trained"
    if progress.total:
        return job.state
    return "waiting" if job.is_running or job.state == "queued" else "not begun"
