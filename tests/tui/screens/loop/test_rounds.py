"""The rounds of the loop on its screen."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual.pilot import Pilot

from tests.tui.driving import make_app, seen, until
from tests.tui.logged import logged
from tests.tui.turned import turned
from tui.screens.dialogs.page import Page
from tui.services.workspace import Workspace

ROUNDS = ("V", "V")  # keys


@asynccontextmanager
async def rounds_of(workspace: Workspace, size: tuple[int, int]) -> AsyncIterator[Pilot[None]]:
    """Open the view."""
    with workspace.database() as database:
        async with make_app(workspace, database, "loop").run_test(size=size) as pilot:
            await seen(pilot, "assistant, all:")
            await pilot.press(*ROUNDS)
            yield pilot


async def test_rounds_have_their_figures_and_one_is_opened(imported_workspace: Workspace) -> None:
    with turned(imported_workspace):
        pass
    async with rounds_of(imported_workspace, (160, 48)) as pilot:
        text = await seen(pilot, "assistant: 2 rounds", "not finished", "Round 2: 0 keys so far.")
        for figure in ("100.0 (74.2–133.4)", "90.0 (70.0–97.0)", "72.0 (51.0–88.0)"):
            assert figure in text
        await pilot.press("k")
        await seen(pilot, "Round 1: 61 keys by ann. PROMOTE. Which rows ␛[31md1 was trained on")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, Page))
        await seen(pilot, "61 in 7.5 minutes", "400, 40 flagged", "none yet")


async def test_where_no_round_was_begun_it_says_what_begins_one(
    imported_workspace: Workspace,
) -> None:
    with logged(imported_workspace):
        pass
    async with rounds_of(imported_workspace, (80, 24)) as pilot:
        text = await seen(pilot, "A round goes from a guard's log")
        assert "round --on assistant" in text
        await pilot.press("enter")
        await seen(pilot, "There is nothing to open.")
