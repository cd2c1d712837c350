"""Replies that were paid for: kept, and taken over by jobs that ask in the same way."""

import errno
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from engine.generation.protocol import Generation
from engine.jobs.journal import open_journal
from engine.jobs.reserve import RESERVE_NAME, keep_reserve
from engine.jobs.stage import Inputs
from tests.fakes import make_inputs

PAID = Generation("a reply", 3, cut=False)
FAILED = Generation(None, 0, cut=False, error="overloaded")
PROMPTS = {"r0": "p0", "r1": "p1", "r2": "p2"}


def of_job(workspace: Path, job: str) -> Inputs:
    inputs = make_inputs(workspace, {})
    stage_dir = workspace / "jobs" / job / "1-answers"
    stage_dir.mkdir(parents=True, exist_ok=True)
    return replace(inputs, stage_dir=stage_dir)


def test_a_job_takes_over_what_another_was_answered_in_the_same_way(tmp_path: Path) -> None:
    killed = open_journal(of_job(tmp_path, "a"), "w", PROMPTS)
    killed.append("r0", PAID)
    killed.append("r1", FAILED)
    again = of_job(tmp_path, "b")
    assert open_journal(again, "w", PROMPTS).replies == {"r0": PAID}
    (tmp_path / "jobs/a/1-answers/replies-w.jsonl").unlink()
    assert open_journal(again, "w", PROMPTS).replies == {"r0": PAID}  # it has them itself now
    assert killed.replies == {"r0": PAID, "r1": FAILED}


def test_other_ways_prompts_and_rows_are_not_taken_over(tmp_path: Path) -> None:
    killed = open_journal(of_job(tmp_path, "a"), "w", PROMPTS)
    for name in PROMPTS:
        killed.append(name, PAID)
    again = of_job(tmp_path, "b")
    assert open_journal(again, "v", PROMPTS).replies == {}
    changed = {"r0": "another prompt", "r1": "p1"}
    assert open_journal(again, "w", changed).replies == {"r1": PAID}


def test_a_line_cut_by_a_crash_is_no_reply_and_stays_in_the_other_job(tmp_path: Path) -> None:
    killed = of_job(tmp_path, "a")
    open_journal(killed, "w", PROMPTS).append("r0", PAID)
    path = killed.stage_dir / "replies-w.jsonl"
    cut = path.read_bytes() + json.dumps({"row_id": "r1"}).encode()[:-2]
    path.write_bytes(cut)
    assert open_journal(of_job(tmp_path, "b"), "w", PROMPTS).replies == {"r0": PAID}
    assert path.read_bytes() == cut
    assert open_journal(killed, "w", PROMPTS).replies == {"r0": PAID}
    assert path.read_bytes().endswith(b"\n")


def fill_the_disk(monkeypatch: pytest.MonkeyPatch, stage_dir: Path) -> None:
    """Let nothing be synced while the reserve of the stage is there."""
    sync = os.fsync

    def full(number: int) -> None:
        if (stage_dir / RESERVE_NAME).exists():
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        sync(number)

    monkeypatch.setattr(os, "fsync", full)


def test_a_reply_takes_the_room_of_the_reserve_when_the_disk_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inputs = of_job(tmp_path, "a")
    journal = open_journal(inputs, "w", PROMPTS)
    journal.append("r0", PAID)
    keep_reserve(inputs.stage_dir, 1)
    fill_the_disk(monkeypatch, inputs.stage_dir)
    journal.append("r1", PAID)
    journal.append("r2", PAID)
    assert open_journal(inputs, "w", PROMPTS).replies == dict.fromkeys(PROMPTS, PAID)


def test_a_reply_that_cannot_be_kept_leaves_no_half_of_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inputs = of_job(tmp_path, "a")
    journal = open_journal(inputs, "w", PROMPTS)
    journal.append("r0", PAID)
    path = inputs.stage_dir / "replies-w.jsonl"
    before = path.read_bytes()

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space") as refused:
            journal.append("r1", PAID)
    assert refused.value.filename == str(path)
    assert path.read_bytes() == before
    journal.append("r2", PAID)
    assert open_journal(inputs, "w", PROMPTS).replies == {"r0": PAID, "r2": PAID}


@pytest.mark.parametrize("cut", [b'{"row_id": "r1", "pro', b"[]", b"7", b"{}", b"\x00\x00"])
def test_a_line_that_was_cut_costs_no_other_reply(cut: bytes, tmp_path: Path) -> None:
    killed = of_job(tmp_path, "a")
    journal = open_journal(killed, "w", PROMPTS)
    journal.append("r0", PAID)
    path = killed.stage_dir / "replies-w.jsonl"
    path.write_bytes(path.read_bytes() + cut + b"\n")
    journal.append("r2", PAID)
    expected = {"r0": PAID, "r2": PAID}
    assert open_journal(killed, "w", PROMPTS).replies == expected
    assert open_journal(of_job(tmp_path, "b"), "w", PROMPTS).replies == expected
