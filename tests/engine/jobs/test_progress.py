import errno
from pathlib import Path

import polars as pl
import pytest

from engine.generation.protocol import Generation
from engine.jobs.job import JobFolder
from engine.jobs.newest import MOST_TEXTS, NewText, read_newest
from engine.jobs.progress import ProgressFile
from engine.jobs.tally import Tally
from tests.waiting import wait_for


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
        progress.advance(20)
        wait_for(lambda: job.progress(0, "queries").done == 60)
        shown = job.progress(0, "queries")
        assert (shown.written, shown.total, shown.share) == (60, 100, 0.6)
        assert shown.rows_per_s == pytest.approx(2.0)
        assert shown.tokens_per_s is None
        assert shown.eta_s == pytest.approx(20.0)
        assert not shown.finished
        clock.now += 10
    ended = job.progress(0, "queries")
    assert (ended.finished, ended.share, ended.eta_s) == (True, 1.0, None)
    assert ended.rows_per_s == pytest.approx(1.0)
    assert ended.elapsed_s == 20


def test_texts_are_there_to_be_read_before_their_part_is(tmp_path: Path) -> None:
    folder = tmp_path / "1-queries"
    folder.mkdir()
    job = JobFolder(tmp_path)
    with ProgressFile(folder, device="cpu") as progress:
        progress.start(total=4)
        progress.expect(texts=1, most_tokens=250, at_once=4)
        for row_id in ("s1", "s2"):
            progress.decoded(7)
            progress.wrote(new_text(row_id))
        wait_for(lambda: len(read_newest(folder)) == 2)
        assert [text.row_id for text in read_newest(folder)] == ["s2", "s1"]
        shown = job.progress(0, "queries")
        assert (shown.done, shown.written, shown.device) == (0, 2, "cpu")


def test_the_newest_texts_are_few(tmp_path: Path) -> None:
    folder = tmp_path / "1-queries"
    folder.mkdir()
    with ProgressFile(folder) as progress:
        for number in range(MOST_TEXTS + 5):
            progress.wrote(new_text(f"s{number}"))
    kept = [text.row_id for text in read_newest(folder)]
    assert (len(kept), kept[0], kept[-1]) == (MOST_TEXTS, f"s{MOST_TEXTS + 4}", "s5")


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


def new_text(row_id: str) -> NewText:
    return NewText.of(
        row_id, Generation("Why?", 7, cut=False), {"seed": "Rest.", "question": "Why?"}
    )


def _note_and_fail(progress: ProgressFile) -> None:
    with progress:
        progress.note("waiting for a server")
        raise ZeroDivisionError
