"""A job that writes parts while the app runs, as a stage would, but for the model."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from engine.jobs.job import JobFolder
from engine.jobs.parts import write_part
from engine.jobs.records import JobSpec, StageProgress, StageSpec, write_spec
from store.schema import ANSWERS, PREDICTIONS
from tests import rows
from tests.benchmarks.million import DETECTOR, STAMP, WIDTH
from tests.benchmarks.steps import seed_texts
from tests.tui.filled import write_progress

JOB: Final = "20260106-090000-b27c"
PART_ROWS: Final = 100
PARTS_PER_S: Final = 1.0  # of each stage: 100 answers a second are a fast machine's
STAGES: Final = ("answers", "predict")


@contextmanager
def fed(workspace: Path, width: int = WIDTH) -> Iterator[None]:
    """Let a running job write parts of answers and predictions while the block lasts."""
    job = JobFolder(workspace / "jobs" / JOB)
    job.path.mkdir()
    stages = tuple(StageSpec(name=name, params={}) for name in STAGES)
    write_spec(
        job.path,
        JobSpec(job_id=JOB, created_at=STAMP, device="cpu", stages=stages, inputs={}, versions={}),
    )
    stopped = threading.Event()
    writer = threading.Thread(target=_write, args=(job, width, stopped))
    with job.lock():  # what says that it is running
        writer.start()
        try:
            yield
        finally:
            stopped.set()
            writer.join()


def _write(job: JobFolder, width: int, stopped: threading.Event) -> None:
    dice = np.random.default_rng(0)
    texts = [" ".join(seed_texts(303)[start : start + 6]) for start in range(PART_ROWS)]
    part = 0
    while not stopped.wait(1 / PARTS_PER_S):
        names = [f"{JOB}-{part * PART_ROWS + row}" for row in range(PART_ROWS)]
        answers = rows.answers(names, job_id=JOB).with_columns(text=pl.Series(texts))
        write_part(job.stage_dir(0, STAGES[0]), part, answers, ANSWERS)
        points = dice.normal(size=(PART_ROWS, width)).astype(np.float32)
        predictions = rows.predictions(
            {f"a-{name}": rows.LABELS[0] for name in names}, detector_id=DETECTOR
        ).with_columns(job_id=pl.lit(JOB), embedding=pl.Series(points).arr.to_list())
        write_part(job.stage_dir(1, STAGES[1]), part, predictions, PREDICTIONS)
        part += 1
        for number, name in enumerate(STAGES):
            write_progress(job, number, name, StageProgress(done=part * PART_ROWS, total=10**6))
