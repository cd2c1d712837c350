"""Patterns on the screen of the loop: a table, their rows, and the way to Label."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.pilot import Pilot

from store.decisions import Decision, record
from tests.rows import LABELS
from tests.tui.driving import make_app, seen, until
from tests.tui.production import GUARD, LIVE, add_patterns, log_live
from tui.screens.dialogs.page import Page
from tui.screens.label.screen import LabelScreen
from tui.services.workspace import Workspace

WIDE, NARROW = (160, 48), (80, 24)


@asynccontextmanager
async def patterns_of(
    workspace: Workspace, *until_seen: str, size: tuple[int, int] = WIDE
) -> AsyncIterator[Pilot[None]]:
    """Open the view, and wait for what it shows."""
    with workspace.database() as database:
        async with make_app(workspace, database, "loop").run_test(size=size) as pilot:
            await seen(pilot, "Over time")
            await pilot.press("v")
            await seen(pilot, *until_seen)
            yield pilot


@pytest.fixture
def workspace(clustered_workspace: Workspace) -> Workspace:
    add_patterns(clustered_workspace)
    with clustered_workspace.database() as database:
        record(database, "ada", [Decision("label", "p-knit", label=LABELS[2])])
    return clustered_workspace


async def test_patterns_are_listed_with_what_they_are(workspace: Workspace) -> None:
    async with patterns_of(workspace, "live: 3 patterns") as pilot:
        text = await seen(pilot, "cough syrup, rest", "false alarm", "general-content")
    assert "8 of 20 rows flagged; 8 in patterns, 3 in labelled ones, 5 undecided." in text
    assert "Precision 0.0 (0.0–79.3) %. By 1 representative alone" in " ".join(text.split())
    assert "[b]An odd one[/b] ␛[31mnumber 7." in text


async def test_enter_shows_the_rows_of_a_pattern(workspace: Workspace) -> None:
    async with patterns_of(workspace, "live: 3 patterns") as pilot:
        await pilot.press("j", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, Page))
        text = await seen(pilot, "Knitting with wool, row 6.")
        assert f"3 rows, flagged by {GUARD}, knitting, wool" in text


async def test_a_key_goes_to_the_pattern_in_label(workspace: Workspace) -> None:
    async with patterns_of(workspace, "live: 3 patterns", size=NARROW) as pilot:
        await pilot.press("j", "o")
        await until(pilot, lambda: isinstance(pilot.app.screen, LabelScreen))
        await seen(pilot, "Knitting with wool, row 4.")


async def test_without_patterns_it_is_said_what_makes_them(
    clustered_workspace: Workspace,
) -> None:
    with clustered_workspace.database() as database:
        log_live(database)
    async with patterns_of(clustered_workspace, f"backquery patterns --on {LIVE}") as pilot:
        await pilot.press("o")
        await seen(pilot, "There is no pattern to label.")
