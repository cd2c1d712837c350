"""Trying ways of asking from within the app: starting, reading, taking over, ending."""

from collections.abc import AsyncIterator

import pytest
from textual.pilot import Pilot

from engine.jobs.job import JobFolder
from engine.stages.trial import TrialParams
from tests.tui.driving import make_app, seen, shown, until
from tests.tui.tried import JOB_ID, SEEDS, write_trial
from tui.screens.dialogs.confirm import Confirm
from tui.screens.trial.dialog import TryDialog
from tui.screens.trial.screen import TryScreen
from tui.services.workspace import Workspace

WIDE = (160, 48)


@pytest.fixture
async def pilot(imported_workspace: Workspace) -> AsyncIterator[Pilot[None]]:
    """The screen, on a workspace with a try of four ways."""
    write_trial(imported_workspace)
    with imported_workspace.database() as database:
        app = make_app(imported_workspace, database, "try")
        async with app.run_test(size=WIDE) as pilot:
            await seen(pilot, "Ways of asking", f"Seed 1 of {SEEDS}")
            yield pilot


async def test_ways_and_seeds_are_walked_through_by_keys(pilot: Pilot[None]) -> None:
    await pilot.press("j", "j", "l")
    await seen(pilot, f"Seed 3 of {SEEDS}", "▸ 2")
    await pilot.press("k", "h")
    await seen(pilot, f"Seed 2 of {SEEDS}", "▸ 1*")


async def test_figures_come_with_n_and_their_intervals(pilot: Pilot[None]) -> None:
    text = shown(pilot)
    assert "template-echo 67% [39%–86%]" in text
    assert "equal" in text
    assert f" {SEEDS} " in text
    assert "60" in text  # tokens per second of the first way: 240 in 4 s


async def test_a_way_is_written_after_asking(
    pilot: Pilot[None], imported_workspace: Workspace
) -> None:
    settings = imported_workspace.path / "workspace.toml"
    before = settings.read_text()
    await pilot.press("l", "l", "u")
    await until(pilot, lambda: isinstance(pilot.app.screen, Confirm))
    await pilot.press("n")
    assert settings.read_text() == before
    await pilot.press("u")
    await until(pilot, lambda: isinstance(pilot.app.screen, Confirm))
    await pilot.press("y")
    await until(pilot, lambda: settings.read_text() != before)
    assert settings.read_text() == before.replace('"five-examples"', '"papers"')


async def test_the_current_way_need_not_be_written(pilot: Pilot[None]) -> None:
    await pilot.press("u")
    await seen(pilot, "asks in way 1 already")


async def test_without_a_try_that_goes_on_none_can_be_ended(pilot: Pilot[None]) -> None:
    await pilot.press("c")
    await seen(pilot, "No try goes on.")


async def test_a_try_is_started_with_what_was_chosen(
    pilot: Pilot[None], imported_workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[JobFolder] = []
    monkeypatch.setattr(imported_workspace.supervisor, "start", started.append)
    await pilot.press("n")
    await until(pilot, lambda: isinstance(pilot.app.screen, TryDialog))
    await pilot.press("j", "space", "j", "j", "space", "h", "enter")
    await until(pilot, lambda: started)
    spec = started[0].spec()
    assert spec.job_id != JOB_ID
    params = TrialParams.model_validate(spec.stages[0].params)
    asked = [(way.template_file, way.sampling.temperature) for way in params.ways]
    assert asked == [("five-examples", 0.3), ("five-examples", 0.0)]


async def test_what_makes_no_way_cannot_be_started(pilot: Pilot[None]) -> None:
    await pilot.press("n")
    await until(pilot, lambda: isinstance(pilot.app.screen, TryDialog))
    await pilot.press("space", "j", "space", "enter")
    await seen(pilot, "Choose at least one of each.")
    assert isinstance(pilot.app.screen, TryDialog)
    await pilot.press("escape")
    await until(pilot, lambda: isinstance(pilot.app.screen, TryScreen))
