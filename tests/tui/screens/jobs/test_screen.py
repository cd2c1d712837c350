"""The screen of jobs: what is written while it is written, the end of the log, and what ends."""

import pytest
from textual.pilot import Pilot

from tests.tui.driving import make_app, seen, until
from tests.tui.scenes import job_failed, job_running
from tui.app import BackqueryApp
from tui.screens.dialogs.confirm import Confirm
from tui.screens.dialogs.new_text import NewTextDialog
from tui.screens.jobs.screen import JobsScreen
from tui.services.workspace import Workspace

WIDE, NARROW = (160, 48), (80, 24)
JOB = "20260106-090000-e5f6"


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_the_newest_text_is_shown_and_opened_and_older_ones_follow(
    clustered_workspace: Workspace, size: tuple[int, int]
) -> None:
    with job_running(clustered_workspace), clustered_workspace.database() as database:
        app = make_app(clustered_workspace, database, "jobs")
        async with app.run_test(size=size) as pilot:
            await seen(pilot, "Newest of queries", "Should I drink small sips", "12 tokens, stop")
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(app.screen, NewTextDialog))
            await seen(pilot, "1 of 3", "SEED", "QUESTION", "12 tokens, stop")
            await pilot.press("j")
            shown = await seen(pilot, "2 of 3", "echo, cut, 250 tokens, token limit")
            assert "␛[2JTake it with food." in shown
            await pilot.press("j", "j")
            await seen(pilot, "3 of 3", "error: HTTP 500: the server is busy")
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(app.screen, JobsScreen))


@pytest.mark.parametrize("screen", ["pipeline", "jobs"])
async def test_c_cancels_the_job_that_runs_once_that_was_agreed_to(
    clustered_workspace: Workspace, screen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[str] = []
    monkeypatch.setattr(
        type(clustered_workspace.supervisor), "cancel", lambda _, job: ended.append(job.job_id)
    )
    with job_running(clustered_workspace), clustered_workspace.database() as database:
        app = make_app(clustered_workspace, database, screen)
        async with app.run_test(size=NARROW) as pilot:
            await seen(pilot, "32 of 128 rows")
            await pilot.press("c")
            await until(pilot, lambda: isinstance(app.screen, Confirm))
            assert ended == []
            await pilot.press("y")
            await seen(pilot, f"Cancelled job {JOB}")
    assert ended == [JOB]


async def test_the_pipeline_opens_the_newest_texts_of_what_runs(
    clustered_workspace: Workspace,
) -> None:
    with job_running(clustered_workspace), clustered_workspace.database() as database:
        app = make_app(clustered_workspace, database, "pipeline")
        async with app.run_test(size=WIDE) as pilot:
            await seen(pilot, "▸ Should I drink small sips", "queries: 12 tokens, stop")
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(app.screen, NewTextDialog))


async def test_without_a_text_there_is_nothing_to_open(evaluated_workspace: Workspace) -> None:
    with evaluated_workspace.database() as database:
        app = make_app(evaluated_workspace, database, "jobs")
        async with app.run_test(size=NARROW) as pilot:
            await seen(pilot, "✓ done")
            await pilot.press("enter")
            await seen(pilot, "No model has written a text for it yet.")


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_the_log_is_shown_to_its_last_line_however_it_grows(
    clustered_workspace: Workspace, size: tuple[int, int]
) -> None:
    with job_running(clustered_workspace), clustered_workspace.database() as database:
        job = clustered_workspace.supervisor.job(JOB)
        app = make_app(clustered_workspace, database, "jobs")
        async with app.run_test(size=size) as pilot:
            await seen(pilot, "Log")
            for last in (3, 60, 61, 200):
                lines = [f"line {number} of the log {'long ' * 40}" for number in range(last)]
                job.log_path.write_text("\n".join([*lines, f"the last of {last}"]) + "\n")
                await show_again(pilot)
                await seen(pilot, f"the last of {last}")


async def test_of_a_bar_of_progress_in_the_log_its_last_state_is_shown(
    clustered_workspace: Workspace,
) -> None:
    with job_running(clustered_workspace), clustered_workspace.database() as database:
        job = clustered_workspace.supervisor.job(JOB)
        job.log_path.write_text("\rLoading: 0%|  |\rLoading: 100%|██|\nready\n")
        app = make_app(clustered_workspace, database, "jobs")
        async with app.run_test(size=WIDE) as pilot:
            shown = await seen(pilot, "Loading: 100%", "ready")
            assert "Loading: 0%" not in shown


async def test_a_job_that_failed_says_how_it_goes_on(clustered_workspace: Workspace) -> None:
    with job_failed(clustered_workspace), clustered_workspace.database() as database:
        app = make_app(clustered_workspace, database, "jobs")
        async with app.run_test(size=NARROW) as pilot:
            await seen(pilot, "✗ failed", "r goes on from its finished rows.")


async def test_on_80_columns_name_state_and_time_come_first_and_all_of_them_on_160(
    evaluated_workspace: Workspace,
) -> None:
    with evaluated_workspace.database() as database:
        for size, titles in (
            (NARROW, ["job", "state", "started", "took", "stages"]),
            (WIDE, ["job", "state", "started", "took", "ended", "rows", "device", "stages"]),
        ):  # fmt: skip
            app = make_app(evaluated_workspace, database, "jobs")
            async with app.run_test(size=size) as pilot:
                shown = await seen(pilot, "✓ done")
                (heading,) = (line for line in shown.splitlines() if " started " in line)
                assert heading.strip("│ ").split() == titles
                assert "10 min 00 s" in shown


async def show_again(pilot: Pilot[None]) -> None:
    """Let the screen read the log again, as it does when the job has changed."""
    app = pilot.app
    assert isinstance(app, BackqueryApp)
    assert isinstance(app.screen, JobsScreen)
    app.screen.action_move(0)
    await pilot.pause()
