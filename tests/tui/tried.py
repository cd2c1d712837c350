"""A try as its job leaves it: three ways of asking, on seeds of the package's sample data."""

from collections.abc import Iterator
from contextlib import contextmanager

import polars as pl

from engine.jobs.job import JobFolder
from engine.jobs.parts import write_parquet, write_part
from engine.jobs.records import JobResult, JobSpec, StageProgress, StageSpec, write_spec
from engine.jobs.tables import TRIALS
from store.pairs import Draw
from tests import rows
from tests.tui.filled import ENDED, STARTED, write_progress
from tui.services.jobs.trial import STAGE, TrialRequest, draft_trial
from tui.services.workspace import Workspace

JOB_ID = "20260106-100000-7a11"
SEEDS = 12
ECHO = "What question did the user ask to generate the following text?"
TEMPERATURES = (0.3, 1.0)


def write_trial(workspace: Workspace, *, ways_done: int = 4) -> JobFolder:
    """Write the folder of a try of two templates at two temperatures, with its first ways."""
    request = TrialRequest(Draw(total=SEEDS), ("five-examples", "papers"), (), TEMPERATURES)
    with workspace.database() as database:
        draft = draft_trial(workspace, database, request)
    (planned,) = draft.planned
    job = JobFolder(workspace.path / "jobs" / JOB_ID)
    job.path.mkdir()
    params = planned.params.model_dump(mode="json")
    spec = JobSpec(
        job_id=JOB_ID, created_at=STARTED, device="cpu", inputs={}, versions={},
        stages=(StageSpec(name=STAGE, params=params),),
    )  # fmt: skip
    write_spec(job.path, spec)
    samples = planned.tables["samples"]
    job.inputs_dir(0, STAGE).mkdir(parents=True)
    write_parquet(job.inputs_dir(0, STAGE) / "samples.parquet", samples)
    for way in range(ways_done):
        write_part(job.stage_dir(0, STAGE), way, _way(way, samples), TRIALS)
    done = SEEDS * ways_done
    total = SEEDS * 4
    progress = StageProgress(
        done=done, written=done, total=total, share=done / total, elapsed_s=40.0,
        finished=ways_done == 4, note="" if ways_done == 4 else f"way {ways_done + 1} of 4",
    )  # fmt: skip
    write_progress(job, 0, STAGE, progress)
    job.log_path.touch()
    if ways_done == 4:
        job.write_result(JobResult(state="done", ended_at=ENDED))
    return job


def _way(way: int, samples: pl.DataFrame) -> pl.DataFrame:
    is_echo = way in (2, 3)
    found = []
    for place, (sample_id, text) in enumerate(samples.select("sample_id", "text").rows()):
        echoes = is_echo and place % 3 > 0
        found.append(
            {
                "way": way,
                "sample_id": sample_id,
                "job_id": JOB_ID,
                "text": ECHO if echoes else f"What about {' '.join(text.split()[:5]).lower()}?",
                "flags": ["template-echo"] if echoes else [],
                "similarity": 0.1 if echoes else 0.9 - way / 10 - place / 100,
                "new_tokens": 20,
                "seconds": 4.0 + way,
            }
        )
    return rows.frame(TRIALS, found)


@contextmanager
def tried(workspace: Workspace) -> Iterator[None]:
    """A try that is done."""
    write_trial(workspace)
    yield


@contextmanager
def trying(workspace: Workspace) -> Iterator[None]:
    """A try that goes on, with two of its four ways done."""
    with write_trial(workspace, ways_done=2).lock():
        yield
