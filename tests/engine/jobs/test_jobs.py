import errno
import fcntl
import os
import re
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from engine.errors import EngineError, JobNotFound, JobSpecInvalid
from engine.jobs import registry, worker
from engine.jobs.device import hold_devices
from engine.jobs.job import JobFolder
from engine.jobs.parts import list_parts
from engine.jobs.records import StageSpec
from engine.jobs.stage import Inputs
from engine.jobs.supervisor import Supervisor
from store.database.connection import Database
from store.ingest import ingest_part
from tests.slow_worker import STAGES, SlowParams, SlowStage, give_leave
from tests.waiting import wait_for


@pytest.fixture(autouse=True)
def _private_device(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    for name, place in STAGES.items():
        monkeypatch.setitem(registry.STAGES, name, place)


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    (tmp_path / "jobs").mkdir()
    supervisor = Supervisor(tmp_path, worker="tests.slow_worker")
    yield supervisor
    for job in supervisor.jobs():
        supervisor.cancel(job)


def make(supervisor: Supervisor, *params: dict[str, object]) -> JobFolder:
    stages = [StageSpec(name="slow", params=item) for item in params or ({},)]
    return supervisor.create(stages, [{}] * len(stages), "cpu")


def parts(job: JobFolder, number: int = 0) -> list[Path]:
    return list_parts(job.stage_dir(number, "slow"))


def kill(job: JobFolder) -> None:
    pid = job.worker_pid()
    assert pid is not None
    os.killpg(pid, signal.SIGKILL)
    wait_for(lambda: not job.is_worked_on())


def ids(job: JobFolder) -> list[str]:
    return [pl.read_parquet(path, glob=False)["query_id"][0] for _, _, path in job.finished_parts()]


def test_a_job_runs_its_stages_in_order_and_ends_done(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    job = make(supervisor, {"parts": 2}, {"parts": 3})
    assert job.state() == "queued"
    give_leave(tmp_path, 0, 1, 2)
    supervisor.start(job)
    wait_for(lambda: not job.is_worked_on())
    assert job.state() == "done"
    assert ids(job) == ["q-s0", "q-s1", "q-s0", "q-s1", "q-s2"]
    assert job.progress(1, "slow").finished
    assert job.progress(1, "slow").done == 3


def test_a_running_job_shows_its_progress(supervisor: Supervisor, tmp_path: Path) -> None:
    job = make(supervisor)
    supervisor.start(job)
    give_leave(tmp_path, 0)
    wait_for(lambda: len(parts(job)) == 1)
    wait_for(lambda: job.progress(0, "slow").total == 3)
    assert job.state() == "running"
    assert not job.progress(0, "slow").finished


def test_a_killed_job_is_interrupted_and_goes_on_without_losing_or_doubling_a_row(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    job = make(supervisor)
    supervisor.start(job)
    give_leave(tmp_path, 0)
    wait_for(lambda: len(parts(job)) == 1)
    kill(job)
    assert job.state() == "interrupted"
    with Database(tmp_path) as database:
        _ingest(database, job)
    give_leave(tmp_path, 1, 2)
    supervisor.start(job)
    wait_for(lambda: job.state() == "done")
    with Database(tmp_path) as database:
        _ingest(database, job)
        with database.read() as cursor:
            found = cursor.rows("SELECT query_id FROM queries ORDER BY 1")
    assert found == [("q-s0",), ("q-s1",), ("q-s2",)]


def _ingest(database: Database, job: JobFolder) -> None:
    for folder, _, path in job.finished_parts():
        ingest_part(database, job.job_id, folder, "queries", path)


def test_a_half_written_part_is_not_a_part(supervisor: Supervisor, tmp_path: Path) -> None:
    job = make(supervisor)
    folder = job.stage_dir(0, "slow") / "parts"
    folder.mkdir(parents=True)
    (folder / ".00000.parquet.123.tmp").write_bytes(b"PAR1 and then the power went")
    give_leave(tmp_path, 0, 1, 2)
    supervisor.start(job)
    wait_for(lambda: job.state() == "done")
    assert ids(job) == ["q-s0", "q-s1", "q-s2"]


def test_an_orphaned_stage_keeps_a_second_worker_out(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    job = make(supervisor)
    supervisor.start(job)
    give_leave(tmp_path, 0)
    wait_for(lambda: len(parts(job)) == 1)
    worker = job.worker_pid()
    assert worker is not None
    os.kill(worker, signal.SIGKILL)
    with pytest.raises(EngineError, match="already being worked on"):
        supervisor.start(job)
    give_leave(tmp_path, 1, 2)
    wait_for(lambda: not job.is_worked_on())
    supervisor.start(job)
    wait_for(lambda: job.state() == "done")
    assert ids(job) == ["q-s0", "q-s1", "q-s2"]


def test_a_stage_that_fails_ends_the_job_with_its_words_and_can_be_resumed(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    job = make(supervisor, {"fail_at": 1}, {})
    give_leave(tmp_path, 0, 1, 2)
    supervisor.start(job)
    wait_for(lambda: job.state() == "failed")
    result = job.result()
    assert result is not None
    assert result.error == "slow: The model is made of cheese."
    assert len(parts(job)) == 1
    assert "Traceback" in job.log_path.read_text()
    (tmp_path / "mended").touch()
    supervisor.start(job)
    wait_for(lambda: job.state() == "done")
    assert len(ids(job)) == 6


def test_a_stage_that_is_killed_says_by_which_signal(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    job = make(supervisor)
    supervisor.start(job)
    give_leave(tmp_path, 0)
    wait_for(lambda: len(parts(job)) == 1)
    for child in (
        Path(f"/proc/{job.worker_pid()}/task/{job.worker_pid()}/children").read_text().split()
    ):
        os.kill(int(child), signal.SIGKILL)
    wait_for(lambda: job.state() == "failed")
    result = job.result()
    assert result is not None
    assert "signal 9" in (result.error or "")


def test_cancelling_keeps_finished_parts_and_resuming_goes_on(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    job = make(supervisor)
    supervisor.start(job)
    give_leave(tmp_path, 0)
    wait_for(lambda: len(parts(job)) == 1)
    supervisor.cancel(job)
    assert job.state() == "cancelled"
    assert len(parts(job)) == 1
    give_leave(tmp_path, 1, 2)
    supervisor.start(job)
    wait_for(lambda: job.state() == "done")
    assert len(parts(job)) == 3


def test_a_job_outlives_a_lost_terminal(supervisor: Supervisor, tmp_path: Path) -> None:
    job = make(supervisor)
    supervisor.start(job)
    give_leave(tmp_path, 0)
    wait_for(lambda: len(parts(job)) == 1)
    pid = job.worker_pid()
    assert pid is not None
    assert os.getsid(pid) == pid
    os.killpg(pid, signal.SIGHUP)
    give_leave(tmp_path, 1, 2)
    wait_for(lambda: job.state() == "done")


def test_a_second_job_waits_for_the_device_and_says_for_whom(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    give_leave(tmp_path, 0, 1, 2)
    job = make(supervisor)
    other = tmp_path / "other" / "jobs" / "20260101-the-other"
    with hold_devices(("cpu",), other, lambda _: None):
        supervisor.start(job)
        wait_for(lambda: "20260101-the-other" in job.progress(0, "slow").note)
        assert job.state() == "waiting"
        assert parts(job) == []
    wait_for(lambda: job.state() == "done")


def test_a_stage_that_only_asks_a_server_holds_no_device(
    supervisor: Supervisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SlowParams, "needs_device", property(lambda _: False))
    give_leave(tmp_path, 0, 1, 2)
    job = make(supervisor)
    with hold_devices(("cpu",), tmp_path / "other" / "jobs" / "another", lambda _: None):
        worker.run_stage(job, 0)
    assert job.progress(0, "slow").finished


def test_rows_that_are_there_when_a_stage_goes_on_are_counted_too(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    job = make(supervisor)
    give_leave(tmp_path, 0, 1, 2)
    worker.run_stage(job, 0)
    parts(job)[-1].unlink()
    worker.run_stage(job, 0)
    assert (job.progress(0, "slow").rows, job.progress(0, "slow").failed) == (3, 0)


@pytest.mark.parametrize(
    ("uses_all", "expected"), [(True, ("cuda:1", "cuda:0")), (False, ("cuda:1",))]
)
def test_a_stage_holds_the_first_device_unless_it_uses_all(
    supervisor: Supervisor,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    uses_all: bool,
    expected: tuple[str, ...],
) -> None:
    given: list[tuple[str, ...]] = []
    run = SlowStage.run

    def noted(self: SlowStage, inputs: Inputs, params: SlowParams) -> Iterator[pl.DataFrame]:
        given.append(inputs.devices)
        return run(self, inputs, params)

    def held(devices: tuple[str, ...], *others: Any) -> Any:
        given.append(devices)
        return hold_devices(devices, *others)

    monkeypatch.setattr(SlowStage, "run", noted)
    monkeypatch.setattr(worker, "hold_devices", held)
    monkeypatch.setattr(worker, "resolve_devices", lambda _: ("cuda:1", "cuda:0"))
    monkeypatch.setattr(SlowParams, "uses_all_devices", property(lambda _: uses_all))
    give_leave(tmp_path, 0, 1, 2)
    worker.run_stage(make(supervisor), 0)
    assert given == [expected, expected]


def test_inputs_that_were_changed_are_refused(supervisor: Supervisor, tmp_path: Path) -> None:
    stage = StageSpec(name="slow", params={})
    job = supervisor.create([stage], [{"samples": pl.DataFrame({"a": [1]})}], "cpu")
    (job.inputs_dir(0, "slow") / "samples.parquet").write_bytes(b"something else")
    supervisor.start(job)
    wait_for(lambda: job.state() == "failed")
    result = job.result()
    assert result is not None
    assert "not the file that the job was made with" in (result.error or "")


def test_unknown_stages_and_parameters_are_refused_before_a_job_is_made(
    supervisor: Supervisor,
) -> None:
    with pytest.raises(JobSpecInvalid, match="no stage 'magic'"):
        supervisor.create([StageSpec(name="magic", params={})], [{}], "cpu")
    with pytest.raises(JobSpecInvalid, match="speed"):
        make(supervisor, {"speed": 9})
    assert supervisor.jobs() == []


def test_jobs_are_found_by_the_end_of_their_id(supervisor: Supervisor) -> None:
    job = make(supervisor)
    assert supervisor.job(job.job_id[-4:]).path == job.path
    with pytest.raises(JobNotFound, match="no job 'nope'"):
        supervisor.job("nope")


def test_what_is_no_job_is_passed_over_and_named(supervisor: Supervisor, tmp_path: Path) -> None:
    job = make(supervisor)
    folder = tmp_path / "jobs"
    shutil.copytree(job.path, folder / f"{job.job_id} (conflicted copy)")
    for name in ("lost+found", "20260101-000000-dead"):  # the latter without a spec
        (folder / name).mkdir()
    for name in (".DS_Store", "._x.toml", "Thumbs.db", "desktop.ini"):
        (folder / name).write_bytes(b"\x00")
    assert supervisor.jobs() == [job]
    assert supervisor.strays() == sorted(
        ["20260101-000000-dead", f"{job.job_id} (conflicted copy)", "Thumbs.db", "desktop.ini",
         "lost+found"]
    )  # fmt: skip


@pytest.mark.parametrize("spec", [b"", b"{", b"\xff\xfe", b'{"job_id": 7}'])
def test_a_spec_that_cannot_be_read_is_refused_by_name(spec: bytes, supervisor: Supervisor) -> None:
    job = make(supervisor)
    (job.path / "spec.json").write_bytes(spec)
    with pytest.raises(JobSpecInvalid, match=re.escape(str(job.path))):
        job.spec()


def test_a_copy_of_a_job_is_not_taken_for_it(supervisor: Supervisor, tmp_path: Path) -> None:
    job = make(supervisor)
    shutil.copytree(job.path, tmp_path / "jobs" / f"{job.job_id}-2")
    with pytest.raises(JobSpecInvalid, match=f"copy of job {job.job_id}"):
        JobFolder(tmp_path / "jobs" / f"{job.job_id}-2").spec()


def test_unreadable_progress_and_results_are_as_good_as_none(supervisor: Supervisor) -> None:
    job = make(supervisor)
    job.stage_dir(0, "slow").mkdir()
    (job.stage_dir(0, "slow") / "progress.json").write_bytes(b"")
    (job.path / "result.json").write_bytes(b"{")
    assert job.progress(0, "slow").total == 0
    assert job.result() is None


def test_the_state_of_a_job_is_read_without_writing(supervisor: Supervisor) -> None:
    job = make(supervisor)
    before = sorted(job.path.rglob("*"))
    assert job.state() == "queued"
    assert sorted(job.path.rglob("*")) == before


def test_a_file_system_without_locks_is_said_to_have_none(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unsupported(*_: object) -> None:
        raise OSError(errno.EOPNOTSUPP, os.strerror(errno.EOPNOTSUPP))

    job = make(supervisor)
    with monkeypatch.context() as patched:
        patched.setattr(fcntl, "flock", unsupported)
        with pytest.raises(EngineError, match=f"{job.job_id}.* has no locks"):
            supervisor.start(job)


def test_nothing_is_left_of_a_job_that_could_not_be_made(
    supervisor: Supervisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("engine.jobs.supervisor.write_spec", full)
    with pytest.raises(OSError, match="No space"):
        make(supervisor)
    assert list((tmp_path / "jobs").iterdir()) == []


def test_a_stage_that_meets_a_full_disk_says_so_and_that_it_can_go_on(
    supervisor: Supervisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/data/part")

    give_leave(tmp_path, 0, 1, 2)
    job = make(supervisor)
    monkeypatch.setattr(worker, "write_part", full)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    assert worker.main(["stage", str(job.path), "0"]) == 1
    error = (job.stage_dir(0, "slow") / worker.ERROR_NAME).read_text()
    assert "no space left on the disk of /data/part" in error
    assert "`backquery jobs resume` goes on from there" in error
    assert not list(job.path.rglob("reserve"))


def test_a_job_whose_spec_is_damaged_ends_with_a_reason(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = make(supervisor)
    (job.path / "spec.json").write_bytes(b"{")
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    assert worker.main(["run", str(job.path), "0"]) == 1
    result = job.result()
    assert result is not None
    assert "spec.json cannot be run" in (result.error or "")


def test_a_worker_imports_nothing_from_the_current_folder(
    supervisor: Supervisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = tmp_path / "project"
    project.mkdir()
    for name in ("engine", "store", "polars", "random", "types", "secrets"):
        (project / f"{name}.py").write_text("raise SystemExit('the wrong module')")
    monkeypatch.chdir(project)
    give_leave(tmp_path, 0, 1, 2)
    job = make(supervisor)
    supervisor.start(job)
    wait_for(lambda: job.state() in ("done", "failed", "interrupted"))
    assert job.state() == "done", job.log_path.read_text()
