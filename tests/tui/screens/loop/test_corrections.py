"""Corrections over the screen Loop: looked through, approved by pattern, withdrawn, undone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.pilot import Pilot

from store.approvals import CorrectedPattern, approved_corrections
from store.database.connection import Database
from store.decisions import Decision, record
from tests import rows
from tests.observed import POSITIVE
from tests.tui.corrected import corrected, labelled_only
from tests.tui.driving import make_app, seen, shown, until
from tui.screens.loop.corrections.dialog import CorrectionsDialog
from tui.screens.loop.corrections.queue import PatternQueue
from tui.services.workspace import Workspace

App = Pilot[None]


@asynccontextmanager
async def corrections_of(workspace: Workspace, size: tuple[int, int]) -> AsyncIterator[App]:
    """Open the dialog."""
    with workspace.database() as database:
        async with dialog_over(database, workspace, size) as pilot:
            yield pilot


@asynccontextmanager
async def dialog_over(
    database: Database, workspace: Workspace, size: tuple[int, int] = (160, 48)
) -> AsyncIterator[App]:
    async with make_app(workspace, database, "loop").run_test(size=size) as pilot:
        await seen(pilot, "log, all:")
        await pilot.press("c")
        await until(pilot, lambda: isinstance(pilot.app.screen, CorrectionsDialog))
        yield pilot


@pytest.fixture
def workspace(imported_workspace: Workspace) -> Workspace:
    with corrected(imported_workspace):
        return imported_workspace


def approved(workspace: Workspace) -> int:
    """How many corrections would be exported."""
    with workspace.database() as database:
        return approved_corrections(database, frozenset({POSITIVE})).height


@pytest.mark.parametrize("size", [(80, 24), (160, 48)])
async def test_one_key_approves_a_pattern_and_goes_on(
    workspace: Workspace, size: tuple[int, int]
) -> None:
    async with corrections_of(workspace, size) as pilot:
        await seen(pilot, "Pattern 1 of 3 · health-advice · 3 answers, 2 corrected", "2 to approve")
        await seen(pilot, "flagged answer 1 of 2", "You should take two tablets", "␛[31mnote")
        await pilot.press("enter")
        await seen(
            pilot, "Approved 2 corrections: 2 patterns to go. u undoes it.", "Pattern 2 of 3"
        )
        await pilot.press("enter")
        await seen(pilot, "1 pattern to go", "Pattern 3 of 3")
        await pilot.press("enter")
        await seen(pilot, "no pattern waits", "✓ approved")
        await pilot.press("enter")
        await seen(pilot, "approved already")
    assert approved(workspace) == 5


async def test_approval_is_withdrawn_undone_and_done_again(workspace: Workspace) -> None:
    async with corrections_of(workspace, (160, 48)) as pilot:
        await seen(pilot, "Pattern 1 of 3", "flagged answer 1 of 2")
        await pilot.press("x")
        await seen(pilot, "Nothing of this pattern is approved.")
        await pilot.press("enter")
        await seen(pilot, "Pattern 2 of 3")
        await pilot.press("h")
        await seen(pilot, "Pattern 1 of 3", "✓ approved")
        await pilot.press("x")
        await seen(pilot, "Withdrew the approval", "○ 2 to approve")
        await pilot.press("u")
        await seen(pilot, "Undid: a withdrawal.", "✓ approved")
        await pilot.press("u")
        await seen(pilot, "Undid: an approval.", "○ 2 to approve")
        await pilot.press("ctrl+r")
        await seen(pilot, "Did again: an approval.", "✓ approved")
    assert approved(workspace) == 2


async def test_answers_of_a_pattern_are_leafed_through(workspace: Workspace) -> None:
    async with corrections_of(workspace, (160, 48)) as pilot:
        await seen(pilot, "flagged answer 1 of 2", "much of it? (0)")
        await pilot.press("k", "j")
        await seen(pilot, "flagged answer 2 of 2", "much of it? (1)")
        await pilot.press("j", "z")
        await seen(pilot, "what was asked, 2 of 2")
        assert "You should take" not in shown(pilot)
        await pilot.press("z", "l")
        await seen(pilot, "Pattern 2 of 3", "flagged answer 1 of 2", "much of it? (3)")
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(pilot.app.screen, CorrectionsDialog))
    assert approved(workspace) == 0


async def test_what_came_after_it_was_shown_is_not_approved_with_it(workspace: Workspace) -> None:
    with workspace.database() as database:
        async with dialog_over(database, workspace) as pilot:
            await seen(pilot, "Pattern 1 of 3", "flagged answer 1 of 2")
            with database.write() as cursor:
                cursor.execute(
                    """INSERT INTO corrections BY NAME SELECT * REPLACE ('new' AS correction_id,
                        0.9::FLOAT AS f1, 'Later.' AS text, taken_at + INTERVAL 1 DAY AS taken_at)
                    FROM corrections WHERE error IS NULL AND text LIKE '%(0)'"""
                )
            await pilot.press("enter", "h")
            await seen(pilot, "Pattern 1 of 3", "1 to approve, 1 approved", "Later.")
            await pilot.press("enter")
            await seen(pilot, "Approved 2 corrections")
        found = approved_corrections(database, frozenset({POSITIVE}))
    assert "Later." in found["correction"].to_list()


async def test_without_corrections_it_says_what_to_do(imported_workspace: Workspace) -> None:
    with labelled_only(imported_workspace):
        async with corrections_of(imported_workspace, (80, 24)) as pilot:
            await seen(pilot, "No answer of log has a correction.", "backquery correct --on log")
            await pilot.press("enter", "x", "j", "l", "space")
            await pilot.press("u")
            await seen(pilot, "There is nothing left to undo.")


async def test_a_label_that_was_undone_is_named(workspace: Workspace) -> None:
    with workspace.database() as database:
        me = workspace.settings.annotator
        record(database, me, [Decision("label", cluster_id="c2", label=rows.LABELS[1])])
    async with corrections_of(workspace, (160, 48)) as pilot:
        await seen(pilot, "Pattern 1 of 2")
        await pilot.press("u")
        await seen(pilot, "Undid: health-content.", "Pattern 3 of 3")


def pattern(name: str, *, approved: int = 0) -> CorrectedPattern:
    return CorrectedPattern(name, POSITIVE, 3, "Text.", 1, approved, rows.NOON)


def test_patterns_keep_their_places_and_new_ones_come_last() -> None:
    queue = PatternQueue()
    queue.take([pattern("a"), pattern("b"), pattern("c")])
    queue.move(1)
    queue.take([pattern("c"), pattern("d"), pattern("b"), pattern("a", approved=1)])
    assert [queue.current, len(queue), queue.waiting] == [pattern("b"), 4, 3]
    queue.move(5)
    assert queue.current == pattern("d")
    queue.go_on()
    assert queue.current == pattern("b")
    queue.take([])
    assert queue.place == len(queue) == 0
