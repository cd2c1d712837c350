import errno
from pathlib import Path

import polars as pl
import pytest

from engine.jobs.job import JobFolder
from engine.jobs.progress import ProgressFile
from engine.jobs.tally import Tally


class Clock:
    """A clock that goes on when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_progress_says_rates_and_time_left_of_new_rows_only(tmp_path: Path) -> None:
    clock = Clock()
    folder = tmp_path / "1-queries"
    folder.mkdir()
    job = JobFolder(tmp_path)
    with ProgressFile(folder, clock) as progress:
        progress.start(total=100, done=40)
        clock.now += 10
        progress.advance(20, tokens=500)
        shown = job.progress(0, "queries")
        assert (shown.done, shown.total) == (60, 100)
        assert shown.rows_per_s == pytest.approx(2.0)
        assert shown.tokens_per_s == pytest.approx(50.0)
        assert shown.eta_s == pytest.approx(20.0)
        assert not shown.finished
    assert job.progress(0, "queries").finished


def test_a_stage_that_fails_is_not_finished_and_keeps_its_note(tmp_path: Path) -> None:
    folder = tmp_path / "1-queries"
    folder.mkdir()
    with pytest.raises(ZeroDivisionError):
        _note_and_fail(ProgressFile(folder))
    shown = JobFolder(tmp_path).progress(0, "queries")
    assert (shown.finished, shown.note) == (False, "waiting for a server")


def test_a_wait_is_told_from_a_note_and_ends_with_the_stage(tmp_path: Path) -> None:
    folder = tmp_path / "1-queries"
    folder.mkdir()
    job = JobFolder(tmp_path)
    with ProgressFile(folder) as progress:
        progress.wait("waits for cpu")
        assert (job.progress(0, "queries").note, job.progress(0, "queries").waiting) == (
            "waits for cpu",
            True,
        )
        progress.note("trains")
        assert not job.progress(0, "queries").waiting
        progress.wait("waits for a server")
    assert not job.progress(0, "queries").waiting


def test_a_full_disk_keeps_a_stage_from_saying_how_far_it_is_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "1-queries"
    folder.mkdir()

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, "no room")

    with ProgressFile(folder) as progress:
        with monkeypatch.context() as full:
            full.setattr("engine.jobs.progress.write_text", refuse)
            progress.start(total=3)
            progress.wait("waits for a server")
        progress.advance(1)
    assert JobFolder(tmp_path).progress(0, "queries").finished


def test_rows_and_their_errors_are_counted(tmp_path: Path) -> None:
    folder = tmp_path / "1-queries"
    folder.mkdir()
    tally = Tally()
    with ProgressFile(folder) as progress:
        tally.add(pl.DataFrame({"error": [None, "late"]}))
        progress.count(tally)
        progress.tell_unsent("without seed")
    shown = JobFolder(tmp_path).progress(0, "queries")
    assert (shown.rows, shown.failed, shown.reasons) == (2, 1, (("late", 1),))
    assert shown.unsent == "without seed"


def test_a_stage_that_has_not_begun_has_no_progress(tmp_path: Path) -> None:
    assert JobFolder(tmp_path).progress(0, "queries").total == 0


def _note_and_fail(progress: ProgressFile) -> None:
    with progress:
        progress.note("waiting for a server")
        raise ZeroDivisionError
