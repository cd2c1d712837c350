"""Replies that were paid for: kept, and taken over by jobs that ask in the same way."""

import json
from dataclasses import replace
from pathlib import Path

from engine.journal import open_journal
from engine.models.generator import Generation
from engine.stage import Inputs
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
