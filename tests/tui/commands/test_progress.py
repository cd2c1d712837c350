"""What is printed while a job is followed."""

from io import StringIO

from rich.console import Console

from engine.jobs.job import JobFolder
from engine.jobs.newest import write_newest
from engine.jobs.records import StageProgress
from tests import rows
from tests.tui.filled import write_job, write_progress
from tests.tui.scenes import NEWEST
from tui.commands.progress import follow_job
from tui.services.workspace import Workspace


def begun(workspace: Workspace) -> JobFolder:
    """A job that has written questions, and is not finished."""
    job = write_job(workspace, "20260106-090000-e5f6", [("queries", rows.queries(["s0"]))])
    write_progress(job, 0, "queries", StageProgress(done=3, written=3, total=3))
    write_newest(job.stage_dir(0, "queries"), NEWEST)
    return job


def follow(workspace: Workspace, job: JobFolder, *, is_terminal: bool) -> str:
    console = Console(file=StringIO(), force_terminal=is_terminal, width=100, no_color=True)
    follow_job(workspace, job, console)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def test_a_pipe_gets_the_first_three_texts_oldest_first_and_nothing_that_acts(
    imported_workspace: Workspace,
) -> None:
    printed = follow(imported_workspace, begun(imported_workspace), is_terminal=False)
    lines = [line.strip() for line in printed.splitlines()]
    assert lines[1:4] == [
        "queries  seed      Rest for two days.",
        "question",
        "error: HTTP 500: the server is busy",
    ]
    assert "echo, cut, 250 tokens, token limit" in lines
    assert lines.index("12 tokens, stop") > lines.index("echo, cut, 250 tokens, token limit")
    assert "\x1b" not in printed
    assert "seed      ␛[2JTake it with food." in printed


def test_a_terminal_gets_them_above_its_bars(imported_workspace: Workspace) -> None:
    printed = follow(imported_workspace, begun(imported_workspace), is_terminal=True)
    assert "queries  seed      Rest for two days." in printed
    assert "\x1b[2JTake" not in printed


def test_texts_of_a_stage_that_had_finished_before_are_not_printed_again(
    imported_workspace: Workspace,
) -> None:
    job = begun(imported_workspace)
    write_progress(job, 0, "queries", StageProgress(done=3, total=3, finished=True))
    assert "seed" not in follow(imported_workspace, job, is_terminal=False)
