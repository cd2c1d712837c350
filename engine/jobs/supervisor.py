"""Makes, starts, watches and cancels jobs. It holds nothing: all is in the job folders."""

import contextlib
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Protocol

import polars as pl

from engine.errors import EngineError, JobNotFound
from engine.jobs.environment import child_environment
from engine.jobs.job import JobFolder
from engine.jobs.parts import file_digest, write_parquet
from engine.jobs.records import JobResult, JobSpec, StageSpec, installed_versions, write_spec
from engine.jobs.reserve import JOB_RESERVE_BYTES, keep_reserve
from engine.jobs.stage import make_params

CANCEL_PATIENCE_S = 10.0
POLL_S = 0.05
_JOB_ID = re.compile(r"[a-z0-9-]+")


class Process(Protocol):
    """A worker that was started."""

    @property
    def pid(self) -> int:
        """Its number, which is that of its group too."""

    def wait(self) -> object:
        """Return once it has ended."""


class Supervisor:
    """The jobs of one workspace. `worker` is the module that runs a job folder."""

    def __init__(
        self,
        workspace: Path,
        *,
        worker: str = "engine.jobs.worker",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._jobs_dir = workspace / "jobs"
        self._worker = worker
        self._now = clock

    def create(
        self,
        stages: Sequence[StageSpec],
        inputs: Sequence[Mapping[str, pl.DataFrame]],
        device: str,
    ) -> JobFolder:
        """Make a job folder with its inputs: one mapping of table to frame for each stage.

        Parameters are validated now. The folder appears complete or not at all.
        """
        for stage in stages:
            make_params(stage.name, stage.params)
        created = self._now()
        job_id = f"{created:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
        making = JobFolder(self._jobs_dir / f".{job_id}.making")
        with ExitStack() as unless_whole:
            unless_whole.callback(shutil.rmtree, making.path, ignore_errors=True)
            spec = JobSpec(
                job_id=job_id,
                created_at=created.isoformat(timespec="seconds"),
                device=device,
                stages=tuple(stages),
                inputs=_write_inputs(making, stages, inputs),
                versions=installed_versions(),
            )
            write_spec(making.path, spec)
            os.replace(making.path, self._jobs_dir / job_id)
            unless_whole.pop_all()
        return self.job(job_id)

    def start(self, job: JobFolder) -> None:
        """Start the job's worker as a process that outlives this one and its terminal."""
        try:
            with job.lock() as lock, open(job.log_path, "ab") as log:
                keep_reserve(job.path, JOB_RESERVE_BYTES)
                job.clear_result()
                _write_number(lock, 0)  # takes its room on the disk before anything is started
                worker = start_worker(self._worker, job.path, lock.fileno(), log.fileno())
                _write_number(lock, worker.pid)
        except BlockingIOError as error:
            raise EngineError(f"Job {job.job_id} is already being worked on.") from error
        threading.Thread(target=worker.wait, name=f"reap-{job.job_id}", daemon=True).start()

    def jobs(self) -> list[JobFolder]:
        """All jobs, oldest first; what else is in the folder is skipped."""
        return [JobFolder(path) for path in self._entries() if _is_job(path)]

    def strays(self) -> list[str]:
        """The names of what is in the folder and no job; hidden files are not named."""
        return [path.name for path in self._entries() if not _is_job(path)]

    def _entries(self) -> list[Path]:
        if not self._jobs_dir.exists():
            return []
        return sorted(path for path in self._jobs_dir.iterdir() if path.name[0] != ".")

    def job(self, job_id: str) -> JobFolder:
        """A job by its id or an unambiguous beginning or end of it."""
        jobs = self.jobs()
        found = [job for job in jobs if job.job_id == job_id] or [
            job
            for job in jobs
            if job_id and (job.job_id.startswith(job_id) or job.job_id.endswith(job_id))
        ]
        if len(found) != 1:
            count = "no job" if not found else "more than one job"
            raise JobNotFound(f"There is {count} {job_id!r}; `backquery jobs` lists them.")
        return found[0]

    def cancel(self, job: JobFolder) -> None:
        """End the job's processes and mark it cancelled. Finished parts stay and still count."""
        pid = job.worker_pid() if job.is_worked_on() else None
        if pid is not None and not _end_group(pid, lambda: not job.is_worked_on()):
            raise EngineError(f"Job {job.job_id} does not end; its process group is {pid}.")
        if job.result() is None:
            ended = self._now().isoformat(timespec="seconds")
            job.write_result(JobResult(state="cancelled", ended_at=ended))


def start_worker(module: str, job: Path, lock: int, log: int) -> Process:
    """Start a worker in a session of its own. It gets the open lock, and writes to the open log."""
    return subprocess.Popen(
        [sys.executable, "-m", module, "run", str(job), str(lock)],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        pass_fds=(lock,),
        env={**child_environment(os.environ), "PYTHONUNBUFFERED": "1"},
    )


def _is_job(path: Path) -> bool:
    return _JOB_ID.fullmatch(path.name) is not None and (path / "spec.json").exists()


def _write_inputs(
    job: JobFolder, stages: Sequence[StageSpec], inputs: Sequence[Mapping[str, pl.DataFrame]]
) -> dict[str, str]:
    """Write the tables of each stage, and return their digests by their path below inputs/."""
    digests = {}
    for number, (stage, tables) in enumerate(zip(stages, inputs, strict=True)):
        folder = job.inputs_dir(number, stage.name)
        folder.mkdir(parents=True)
        for table, frame in tables.items():
            path = folder / f"{table}.parquet"
            write_parquet(path, frame)
            digests[f"{folder.name}/{path.name}"] = file_digest(path)
    return digests


def _write_number(file: IO[str], number: int) -> None:
    """Write a number over the one that is there, in as many bytes."""
    file.seek(0)
    file.write(f"{number:<20}")
    file.flush()


def _end_group(group: int, ended: Callable[[], bool]) -> bool:
    """End a process group, gently first; whether it ended."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(group, number)
        deadline = time.monotonic() + CANCEL_PATIENCE_S
        while time.monotonic() < deadline:
            if ended():
                return True
            time.sleep(POLL_S)
    return False
