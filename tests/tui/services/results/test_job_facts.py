from pathlib import Path
from typing import Any

import pytest

from engine.jobs.job import JobFolder
from engine.jobs.parts import write_text
from engine.jobs.records import JobResult, JobSpec, StageProgress, StageSpec, write_spec
from tui.services.job_views import view_job
from tui.services.results.job_facts import JobFacts, job_facts, show_moment

STARTED = "2026-01-05T09:00:00+00:00"
STARTED_S = 1_767_603_600.0
STAGES: dict[str, dict[str, Any]] = {
    "queries": {"model": "bundled:small"},
    "answers": {"model": "openai:big@http://server/v1"},
    "train": {"recipe": "synthetic"},
    "drift": {"model": "path:bert"},
}


def make_job(folder: Path, *progress: StageProgress, device: str = "auto") -> JobFolder:
    job = JobFolder(folder / "20260105-090000-aaaa")
    job.path.mkdir()
    stages = tuple(StageSpec(name=name, params=params) for name, params in STAGES.items())
    spec = JobSpec(
        job_id=job.job_id, created_at=STARTED, device=device, stages=stages, inputs={}, versions={}
    )
    write_spec(job.path, spec)
    for number, (stage, found) in enumerate(zip(stages, progress, strict=False)):
        job.stage_dir(number, stage.name).mkdir()
        write_text(job.stage_dir(number, stage.name) / "progress.json", found.model_dump_json())
    return job


def test_a_job_says_which_models_it_asks_and_which_recipes_it_trains_with(tmp_path: Path) -> None:
    facts = job_facts(view_job(make_job(tmp_path)))
    assert facts == JobFacts(
        None, None, ("bundled:small", "openai:big@http://server/v1"), ("synthetic",), "auto"
    )


def test_a_job_that_ended_took_as_long_as_its_result_says(tmp_path: Path) -> None:
    job = make_job(tmp_path, StageProgress(heartbeat=STARTED_S + 30, device="cuda:0"))
    job.write_result(JobResult(state="done", ended_at="2026-01-05T09:01:30+00:00"))
    facts = job_facts(view_job(job))
    assert (facts.took_s, facts.ended_at) == (90.0, "2026-01-05T09:01:30+00:00")
    assert facts.device == "cuda:0"


def test_a_job_that_died_took_until_it_was_last_heard_of(tmp_path: Path) -> None:
    beats = [StageProgress(heartbeat=STARTED_S + after) for after in (30, 45)]
    job = make_job(tmp_path, *beats)
    job.log_path.touch()
    facts = job_facts(view_job(job))
    assert (facts.took_s, facts.ended_at) == (45.0, "2026-01-05T09:00:45+00:00")
    with job.lock():
        running = job_facts(view_job(job))
    assert (running.took_s, running.ended_at) == (45.0, None)


@pytest.mark.parametrize(
    ("moment", "is_short", "shown"),
    [
        (STARTED, False, "2026-01-05 09:00"),
        ("2026-01-05T09:00:00", True, "01-05 09:00"),
        ("2026-01-05T11:00:00+02:00", True, "01-05 09:00"),
    ],
)
def test_moments_are_shown_by_the_clock_here(moment: str, is_short: bool, shown: str) -> None:
    assert show_moment(moment, is_short=is_short) == shown
