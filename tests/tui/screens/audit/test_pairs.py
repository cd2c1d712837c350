"""Auditing prompts: below their context, and by what they were drawn with."""

import pytest

from tests.tui.driving import make_app, seen, shown
from tests.tui.paired import audit_pairs, decide
from tui.services.workspace import Workspace

NARROW = (80, 24)
FOLDED = "words more: z"


@pytest.fixture
def decided(pair_workspace: Workspace) -> Workspace:
    """A workspace in which every cluster of prompts is labelled, one of them not as written."""
    with pair_workspace.database() as database:
        decide(database, pair_workspace.settings.annotator)
    return pair_workspace


async def test_a_prompt_is_audited_below_its_context_and_nothing_tells_its_draw(
    decided: Workspace,
) -> None:
    with decided.database() as database:
        async with make_app(decided, database, "audit").run_test(size=NARROW) as pilot:
            await seen(pilot, "draws a round")
            await pilot.press("n")
            await seen(pilot, "SYSTEM PROMPT", FOLDED, "USER PROMPT")
            await pilot.press("x")
            await seen(pilot, "The draw stays hidden")
            assert "industry" not in shown(pilot)
            await pilot.press("z")
            await seen(pilot, "z folds it")
            await pilot.press("2")
            await seen(pilot, "text 2 of", "z folds it")


async def test_figures_by_dimension_are_a_view_of_their_own(decided: Workspace) -> None:
    with decided.database() as database:
        audit_pairs(database, decided.settings.annotator)
        async with make_app(decided, database, "audit").run_test(size=NARROW) as pilot:
            await seen(pilot, "Found wrong")
            await pilot.press("v")
            text = await seen(pilot, "Labels that 32 prompts were written for", "all prompts")
    assert "· curt" in text
    assert "overturned, %" in text
