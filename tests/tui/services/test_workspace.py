import fcntl
import os

import pytest

from tests.tui.filled import write_job
from tui.services.errors import JobUnfinished
from tui.services.workspace import Workspace


def test_a_run_is_planned_by_one_process_at_a_time(imported_workspace: Workspace) -> None:
    folder = os.open(imported_workspace.path / "jobs", os.O_RDONLY)
    with imported_workspace.planning(), pytest.raises(BlockingIOError):
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(folder)


def test_no_run_is_planned_while_a_job_is_worked_on(imported_workspace: Workspace) -> None:
    job = write_job(imported_workspace, "20260106-090000-aaaa", [])
    with job.lock(), pytest.raises(JobUnfinished), imported_workspace.planning():
        pass
