from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from engine.jobs.job import JobFolder
from engine.jobs.parts import write_text
from engine.jobs.records import JobResult, JobSpec, StageProgress, StageSpec, write_spec
from tui.commands.progress import report_outcome
from tui.services.errors import JobUnfinished, NoRowCame
from tui.services.job_views import JobView, view_job
from tui.services.results.outcomes import describe_outcome, describe_stage


def ended(folder: Path, state: str = "done", **stages: StageProgress) -> JobView:
    """A job whose stages ended as said."""
    job = JobFolder(folder / "20260101-000000-aaaa")
    job.path.mkdir(parents=True)
    specs = tuple(StageSpec(name=name, params={}) for name in stages)
    write_spec(
        job.path,
        JobSpec(job_id=job.job_id, created_at="2026-01-01T00:00:00", device="cpu", stages=specs,
                inputs={}, versions={}),
    )  # fmt: skip
    for number, (name, progress) in enumerate(stages.items()):
        job.stage_dir(number, name).mkdir()
        write_text(job.stage_dir(number, name) / "progress.json", progress.model_dump_json())
    job.write_result(JobResult.model_validate({"state": state, "ended_at": "2026-01-01T00:01:00"}))
    return view_job(job)


def progress(rows: int, *reasons: tuple[str, int], **more: object) -> StageProgress:
    failed = sum(count for _, count in reasons)
    return StageProgress.model_validate(
        {"done": rows, "total": rows, "rows": rows, "failed": failed, "lost": failed,
         "reasons": reasons, "finished": True, **more}
    )  # fmt: skip


def report(view: JobView) -> str:
    console = Console(file=StringIO(), width=300)
    report_outcome(view, console)
    file = console.file
    assert isinstance(file, StringIO)
    return file.getvalue()


def test_rows_that_came_out_right_are_counted(tmp_path: Path) -> None:
    view = ended(tmp_path, queries=progress(6), answers=progress(1))
    assert report(view) == "queries 6 rows; answers 1 row.\n"


def test_rows_with_an_error_are_said_with_the_reasons_and_the_way_out(tmp_path: Path) -> None:
    view = ended(tmp_path, queries=progress(6, ("HTTP 403: flagged", 2), ("odd\x1b[2J", 1)))
    assert list(describe_outcome(view)) == [
        "queries 3 rows right, 3 with an error.",
        "  queries, 2 rows: HTTP 403: flagged",
        "  queries, 1 row: odd␛[2J",
        "  `backquery run --retry-errors` asks again.",
    ]
    report(view)


def test_a_stage_without_a_right_row_fails_the_command(tmp_path: Path) -> None:
    view = ended(tmp_path, queries=progress(2, ("HTTP 400: no", 2)), answers=progress(0))
    with pytest.raises(NoRowCame, match="no row of queries: 2 rows with an error"):
        report(view)


def test_a_job_that_failed_is_said_with_the_command_that_shows_its_log(tmp_path: Path) -> None:
    view = ended(tmp_path, "failed", queries=progress(0))
    with pytest.raises(JobUnfinished, match="`backquery jobs log 20260101-000000-aaaa`"):
        report(view)


def test_what_a_server_refused_is_said(tmp_path: Path) -> None:
    view = ended(tmp_path, queries=progress(2, unsent="without seed"))
    assert "the server was asked without seed, which it refuses" in report(view)


def test_a_job_that_ended_neither_waits_nor_has_time_left(tmp_path: Path) -> None:
    dead = progress(2, finished=False, waiting=True, eta_s=90.0, note="waits for cpu")
    view = ended(tmp_path, "cancelled", queries=dead)
    assert view.waits_for == ""
    assert "left" not in describe_stage(view.stages[0])


def test_rows_that_were_in_no_part_are_gone_with_their_process(tmp_path: Path) -> None:
    dead = progress(64, finished=False, total=128, written=100, share=0.8, tokens_per_s=9.0)
    stage = ended(tmp_path, "cancelled", queries=dead).stages[0]
    assert (stage.written, stage.share) == (64, 0.5)
    assert describe_stage(stage) == "64 of 128 rows"
