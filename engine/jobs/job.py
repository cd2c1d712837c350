"""A job: the folder in which a run of one or more stages lives.

    jobs/<job_id>/spec.json                     what to run; written once
                  inputs/<n>-<stage>/*.parquet  tables exported for a stage by the owner
                  <n>-<stage>/parts/*.parquet   what the stage wrote
                  <n>-<stage>/progress.json     how far it is
                  <n>-<stage>/newest.json       the newest texts, only to be shown
                  worker.lock                   held while a process works here
                  log.txt                       what the processes wrote
                  forced                        there if it shall not pause for its rows' quality
                  result.json                   last: done, paused, failed or cancelled

The folder alone shows what state the job is in; nothing of it is kept in the database.
"""

import fcntl
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from pydantic import ValidationError

from engine.errors import EngineError, JobNotFound, JobSpecInvalid
from engine.explanations import explain
from engine.generation.quality import Look, read_look
from engine.jobs.parts import parts_from, write_text
from engine.jobs.records import JobResult, JobSpec, JobState, StageProgress
from store.validation import describe_problems

READERS_PATIENCE_S = 0.5


@dataclass(frozen=True, slots=True)
class JobFolder:
    """The paths of one job and what its files hold."""

    path: Path

    @property
    def job_id(self) -> str:
        """The folder's name."""
        return self.path.name

    @property
    def log_path(self) -> Path:
        """Where the worker's output goes."""
        return self.path / "log.txt"

    def spec(self) -> JobSpec:
        """Read the spec. Raises JobNotFound, or JobSpecInvalid with what is wrong."""
        path = self.path / "spec.json"
        try:
            spec = JobSpec.model_validate_json(path.read_bytes())
        except FileNotFoundError as error:
            raise JobNotFound(
                f"There is no job {self.job_id!r}; `backquery jobs` lists them."
            ) from error
        except OSError as error:
            raise JobSpecInvalid(explain(error)) from error
        except ValidationError as error:
            problems = describe_problems(error)
            raise JobSpecInvalid(f"{path} cannot be run: {problems}.") from error
        if spec.job_id != self.job_id:
            raise JobSpecInvalid(f"{self.path} is a copy of job {spec.job_id}. Remove it.")
        return spec

    def stage_dir(self, number: int, name: str) -> Path:
        """The folder of the stage at a 0-based place in the spec."""
        return self.path / f"{number + 1}-{name}"

    def inputs_dir(self, number: int, name: str) -> Path:
        """The folder of the tables exported for a stage."""
        return self.path / "inputs" / f"{number + 1}-{name}"

    def progress(self, number: int, name: str) -> StageProgress:
        """A stage's progress; all zero before it has begun, or if it is unreadable.

        A stage that seems not to have begun goes on from its parts, so nothing is done twice.
        """
        try:
            text = (self.stage_dir(number, name) / "progress.json").read_bytes()
            return StageProgress.model_validate_json(text)
        except (FileNotFoundError, ValidationError):
            return StageProgress()

    def look(self, number: int, name: str) -> Look | None:
        """What a stage's first rows are like; None before, and for a stage that needs no look."""
        return read_look(self.stage_dir(number, name))

    def result(self) -> JobResult | None:
        """How the job ended; None if it has not, or if that is unreadable."""
        try:
            return JobResult.model_validate_json((self.path / "result.json").read_bytes())
        except (FileNotFoundError, ValidationError):
            return None

    def write_result(self, result: JobResult) -> None:
        """End the job; this is the last file written."""
        write_text(self.path / "result.json", result.model_dump_json(indent=1))

    @property
    def is_forced(self) -> bool:
        """Whether it goes on whatever its first rows are like."""
        return (self.path / "forced").exists()

    def force(self) -> None:
        """Let it go on whatever its first rows are like, from when it is started next."""
        write_text(self.path / "forced", "")

    def clear_result(self) -> None:
        """Open an ended job for being resumed."""
        (self.path / "result.json").unlink(missing_ok=True)

    def state(self) -> JobState:
        """The state of the job, from its files and its lock alone."""
        if self.is_worked_on():
            return "waiting" if self._is_waiting() else "running"
        result = self.result()
        if result is not None:
            return result.state
        return "interrupted" if self.log_path.exists() else "queued"

    def _is_waiting(self) -> bool:
        stages = enumerate(self.spec().stages)
        return any(self.progress(number, stage.name).waiting for number, stage in stages)

    def is_worked_on(self) -> bool:
        """Whether a process holds the job's lock; found out without writing anything."""
        try:
            with self._locked(fcntl.LOCK_SH, os.O_RDONLY):
                return False
        except FileNotFoundError:
            return False
        except BlockingIOError:
            return True

    @contextmanager
    def lock(self) -> Iterator[IO[str]]:
        """Hold the job's lock; BlockingIOError if a worker has it.

        A process that inherits the file holds the lock too: the supervisor hands it to the
        worker and the worker to its stages, so there is no moment without it, and an orphaned
        stage keeps a second worker out until it has ended.
        """
        deadline = time.monotonic() + READERS_PATIENCE_S
        while True:  # who reads the state holds the lock for an instant
            try:
                with self._locked(fcntl.LOCK_EX, os.O_RDWR | os.O_CREAT) as file:
                    yield file
                    return
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.01)

    @contextmanager
    def _locked(self, operation: int, flags: int) -> Iterator[IO[str]]:
        path = self.path / "worker.lock"
        mode = "r" if flags == os.O_RDONLY else "r+"
        with open(os.open(path, flags, 0o666), mode, encoding="utf-8") as file:
            try:
                fcntl.flock(file, operation | fcntl.LOCK_NB)
            except BlockingIOError:
                raise
            except OSError as error:
                named = OSError(error.errno, error.strerror, str(path))
                raise EngineError(explain(named)) from error
            yield file

    def worker_pid(self) -> int | None:
        """The process that last worked here, which is also its process group."""
        text = (self.path / "worker.lock").read_text(encoding="utf-8").strip()
        return int(text) if text.isdigit() else None

    def finished_parts(
        self, taken: Mapping[str, int] | None = None
    ) -> Iterator[tuple[str, str, Path]]:
        """The finished parts in order: stage folder, stage name, path.

        `taken` is how many parts of a stage folder, its first ones, are left out.
        """
        for number, stage in enumerate(self.spec().stages):
            folder = self.stage_dir(number, stage.name)
            for path in parts_from(folder, (taken or {}).get(folder.name, 0)):
                yield folder.name, stage.name, path
