"""The views Recall and Shadow of the screen of the loop."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.pilot import Pilot

from store.observed import list_selections
from tests.tui.driving import make_app, seen, until
from tests.tui.logged import logged
from tests.tui.shadowed import shadowed, unlabelled
from tui.screens.dialogs.page import Page
from tui.services.numbers import show_rate
from tui.services.results.recall import read_recall
from tui.services.results.shadow import read_shadow
from tui.services.workspace import Workspace

App = Pilot[None]


@asynccontextmanager
async def loop_of(
    workspace: Workspace, *keys: str, size: tuple[int, int] = (160, 48)
) -> AsyncIterator[App]:
    """Open the screen, wait for its figures, and press keys."""
    with workspace.database() as database:
        async with make_app(workspace, database, "loop").run_test(size=size) as pilot:
            await seen(pilot, "assistant, all:")
            await pilot.press(*keys)
            yield pilot


@pytest.fixture
def workspace(imported_workspace: Workspace) -> Workspace:
    with shadowed(imported_workspace):
        return imported_workspace


@pytest.mark.parametrize("size", [(160, 48), (80, 24)])
async def test_recall_shows_the_strata_and_what_their_labels_say(
    workspace: Workspace, size: tuple[int, int]
) -> None:
    with workspace.database() as database:
        (_, selection) = list_selections(database, "assistant")
        found = read_recall(workspace, database, "guard", selection)
    assert found.per_10000 is not None
    async with loop_of(workspace, "v", "v", size=size) as pilot:
        text = await seen(pilot, "assistant: not flagged by the guard, by score")
        assert "120 of 120 rows labelled." in text
        assert f"Misses per 10,000 that were not flagged: {show_rate(found.per_10000)}" in text
        for stratum in found.strata:
            assert f"{stratum.low:.3f} to {stratum.high:.3f}" in text


async def test_shadow_shows_rates_texts_and_the_verdict(workspace: Workspace) -> None:
    with workspace.database() as database:
        found = read_shadow(workspace, database, "assistant", "older", "guard")
    async with loop_of(workspace, "V") as pilot:
        text = await seen(pilot, "assistant: older beside the guard, 400 rows", "1 of 3 pairs")
        assert f"{found.verdict}: recall within 5 points" in text
        assert "users called" in text.lower()
        await pilot.press("l", "l")
        text = await seen(pilot, "assistant: new beside the guard", "40 changed verdicts")
        assert "␛[31mtwo of these[/b]" in text
        assert "Changed verdicts by pattern" in text
        await pilot.press("j", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, Page))
        await seen(pilot, "New score 0.900, old score", "before you sleep")


async def test_views_say_which_command_brings_what_is_missing(
    imported_workspace: Workspace,
) -> None:
    with logged(imported_workspace):
        pass
    async with loop_of(imported_workspace, "v", "v") as pilot:
        await seen(pilot, "`backquery recall --on assistant`")
        await pilot.press("v")
        await seen(pilot, "`backquery queue --on assistant --budget 100` chooses rows to label.")
        await pilot.press("v", "v")
        await seen(pilot, "`backquery shadow NEW --against guard --on assistant`")
        await pilot.press("enter")
        await seen(pilot, "There is nothing to open.")
        await pilot.press("v")
        await seen(pilot, "assistant, all:")


async def test_without_labels_the_verdict_is_undecided(imported_workspace: Workspace) -> None:
    with unlabelled(imported_workspace):
        pass
    async with loop_of(imported_workspace, "V") as pilot:
        await seen(pilot, "UNDECIDED: ", "No row with a label is left to compare them on:")
