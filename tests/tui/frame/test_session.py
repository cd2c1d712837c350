"""What the screens are told has changed."""

import pytest

from tests import rows
from tests.tui.filled import BENCHMARK, write_job
from tui.frame.session import Session
from tui.services.workspace import Workspace


def test_rows_that_come_while_jobs_are_read_are_seen_as_new_figures(
    evaluated_workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    with evaluated_workspace.database() as database:
        with database.read() as cursor:
            samples = cursor.rows(
                "SELECT sample_id, label, label FROM samples WHERE dataset = ? LIMIT 4", [BENCHMARK]
            )
        first, second = (
            rows.evaluation(part, detector_id="d-real", dataset=BENCHMARK)
            for part in (samples[:2], samples[2:])
        )
        write_job(evaluated_workspace, "20260106-090000-aaaa", [("evaluate", first)])
        session = Session(evaluated_workspace, database)
        session.snapshot()
        take_in = session._intake.take_in

        def take_in_before_the_end() -> object:
            taken = take_in()
            write_job(evaluated_workspace, "20260106-090000-bbbb", [("evaluate", second)])
            return taken

        monkeypatch.setattr(session._intake, "take_in", take_in_before_the_end)
        before = session.snapshot().figures
        monkeypatch.undo()
        after = session.snapshot().figures
        with database.read() as cursor:
            assert cursor.number("SELECT count(*) FROM evaluations WHERE job_id LIKE '%-bbbb'") == 0
            assert cursor.number("SELECT count(*) FROM evaluation_rows") % 150 == 4
    assert after != before
