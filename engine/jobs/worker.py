"""Runs a job: `python -m engine.jobs.worker run JOB_FOLDER LOCK`, started by the supervisor.

The worker runs the stages in order, each in a child process of its own, so that a language
model's memory is given back before the next model loads. A lost terminal does not end it.
It handles no other signal: what is killed is interrupted, and a resumed job goes on from the
parts that are there. LOCK is the number of the open lock file that the supervisor hands down.
"""

import contextlib
import signal
import subprocess
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from engine.errors import InputsMissing, JobPaused
from engine.explanations import explain_in_job, is_disk_full
from engine.generation.api_key import redact
from engine.jobs.device import NO_DEVICE, hold_devices, resolve_devices
from engine.jobs.job import JobFolder
from engine.jobs.parts import file_digest, list_parts, read_parquet, write_part, write_text
from engine.jobs.progress import ProgressFile
from engine.jobs.records import JobResult, JobSpec
from engine.jobs.reserve import STAGE_RESERVE_BYTES, keep_reserve, reserved, use_reserve
from engine.jobs.stage import Inputs, make_params, make_stage
from engine.jobs.tables import WRITTEN
from engine.jobs.tally import Tally

ERROR_NAME = "error.txt"
PAUSED = 75  # the status of a stage that pauses its job: EX_TEMPFAIL of sysexits.h

Ending = Literal["done", "paused", "failed"]


def run_job(job: JobFolder, lock: int) -> None:
    """Run every stage that has not finished, then write the result."""
    for number, stage in enumerate(job.spec().stages):
        if job.progress(number, stage.name).finished:
            continue
        code = _run_in_child(job, number, stage.name, lock)
        if code != 0:
            state: Ending = "paused" if code == PAUSED else "failed"
            _end_job(job, state, _reason(job, number, stage.name, code))
            return
    _end_job(job, "done")


def _end_job(job: JobFolder, state: Ending, error: str | None = None) -> None:
    use_reserve(job.path)
    ended = datetime.now(UTC).isoformat(timespec="seconds")
    job.write_result(JobResult(state=state, error=error, ended_at=ended))


def _run_in_child(job: JobFolder, number: int, name: str, lock: int) -> int:
    """Run one stage in a child process, and return its status."""
    error_path = job.stage_dir(number, name) / ERROR_NAME
    error_path.unlink(missing_ok=True)
    return run_child(["stage", str(job.path), str(number)], lock)


def run_child(arguments: list[str], lock: int) -> int:
    """Run this program with arguments in a process that has the open lock; return its status."""
    command = [sys.executable, "-m", _own_module(), *arguments]
    return subprocess.run(command, pass_fds=(lock,), check=False).returncode


def _reason(job: JobFolder, number: int, name: str, code: int) -> str:
    """Why a stage did not end well."""
    error_path = job.stage_dir(number, name) / ERROR_NAME
    if error_path.exists():
        return f"{name}: {error_path.read_text(encoding='utf-8')}"
    if code < 0:
        return (
            f"{name} was ended by signal {-code}; if that is 9, the machine may be out of memory. "
            "Finished parts are kept: `backquery jobs resume` goes on from there."
        )
    return f"{name} ended with status {code}; the job's log says more."


def _own_module() -> str:
    """The name under which this worker was started; its stages start the same way."""
    spec = sys.modules["__main__"].__spec__
    return spec.name if spec else __name__


def run_stage(job: JobFolder, number: int) -> None:
    """Run one stage in this process and write its parts."""
    spec = job.spec()
    chosen = spec.stages[number]
    stage, params = make_stage(chosen.name), make_params(chosen.name, chosen.params)
    folder = job.stage_dir(number, chosen.name)
    folder.mkdir(exist_ok=True)
    _check_inputs(job, spec, number)
    parts, tally = list_parts(folder), Tally()
    devices = resolve_devices(spec.device) if params.needs_device else ()
    devices = devices if params.uses_all_devices else devices[:1]
    with (
        ProgressFile(folder, device=", ".join(devices)) as progress,
        hold_devices(devices, job.path, progress.wait),
        reserved(folder, STAGE_RESERVE_BYTES),
    ):
        for part in parts:
            tally.add(read_parquet(part, _counted_columns(stage.writes)))
        progress.count(tally)
        inputs = Inputs(
            job_id=job.job_id,
            workspace=job.path.parent.parent,
            inputs_dir=job.inputs_dir(number, chosen.name),
            stage_dir=folder,
            earlier=_earlier_stages(job, spec, number),
            parts_done=len(parts),
            devices=devices or (NO_DEVICE,),
            progress=progress,
            may_pause=not job.is_forced,
        )
        for number_of_part, frame in enumerate(stage.run(inputs, params), start=len(parts)):
            write_part(folder, number_of_part, frame, WRITTEN[stage.writes])
            tally.add(frame)
            progress.count(tally)
            keep_reserve(folder, STAGE_RESERVE_BYTES)  # else nothing more is asked for


def _counted_columns(table: str) -> list[str]:
    """The columns that show what became of a row, or any if a table has none of them."""
    columns = list(WRITTEN[table])
    return [name for name in ("error", "reply") if name in columns] or columns[:1]


def _earlier_stages(job: JobFolder, spec: JobSpec, number: int) -> dict[str, tuple[Path, ...]]:
    found: dict[str, tuple[Path, ...]] = {}
    for earlier, stage in enumerate(spec.stages[:number]):
        table = make_stage(stage.name).writes
        found[table] = (*found.get(table, ()), job.stage_dir(earlier, stage.name))
    return found


def _check_inputs(job: JobFolder, spec: JobSpec, number: int) -> None:
    """Refuse inputs that are not those the job was made with."""
    prefix = job.inputs_dir(number, spec.stages[number].name).name + "/"
    for name, digest in spec.inputs.items():
        path = job.path / "inputs" / name
        if name.startswith(prefix) and (not path.exists() or file_digest(path) != digest):
            raise InputsMissing(f"{path} is missing or not the file that the job was made with.")


def main(arguments: list[str]) -> int:
    """Run a job (`run JOB LOCK`) or one stage of it (`stage JOB NUMBER`); return the status."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    mode, job, number = arguments[0], JobFolder(Path(arguments[1])), int(arguments[2])
    try:
        if mode == "run":
            run_job(job, lock=number)
        else:
            run_stage(job, number)
    except JobPaused as pause:
        _say_error(job, number, str(pause))
        return PAUSED
    except Exception as error:  # noqa: BLE001 (the worker's boundary: nothing ends unsaid)
        with contextlib.suppress(OSError):  # of a log on a full disk
            sys.stderr.write(redact(traceback.format_exc()))
        message = redact(explain_in_job(error))
        if is_disk_full(error):
            message += " What was finished is kept: `backquery jobs resume` goes on from there."
        if mode == "run":
            _end_job(job, "failed", message)
        else:
            _say_error(job, number, message)
        return 1
    return 0


def _say_error(job: JobFolder, number: int, message: str) -> None:
    """Leave the message for the worker, where the disk is full in the room kept for that."""
    use_reserve(job.path)
    folder = job.stage_dir(number, job.spec().stages[number].name)
    folder.mkdir(exist_ok=True)
    write_text(folder / ERROR_NAME, message)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
