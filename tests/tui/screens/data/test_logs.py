"""Logs of deployed guards are imported on the data screen."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot

from store.database.connection import Database
from tests.logs import BLOCKED, chat_line, litellm_call, write_lines
from tests.tui.driving import make_app, paste, seen
from tui.services.workspace import Workspace

SIZE = (120, 40)


@pytest.fixture
def database(empty_workspace: Workspace) -> Iterator[Database]:
    with empty_workspace.database() as opened:
        yield opened


async def choose(pilot: Pilot[None], path: Path) -> str:
    """Name a file; what its dialog shows."""
    await seen(pilot, "i takes one in")
    await pilot.press("i")
    await seen(pilot, "Import a file")
    await paste(pilot, str(path))
    await pilot.press("enter")
    return await seen(pilot, f"Import {path.name}", "role")


def records(database: Database) -> int:
    with database.read() as cursor:
        return cursor.number("SELECT count(*) FROM log_records")


async def test_a_log_is_offered_as_one_and_asks_for_no_columns(
    empty_workspace: Workspace, database: Database, tmp_path: Path
) -> None:
    path = write_lines(tmp_path / "proxy.jsonl", [litellm_call(0), litellm_call(1, status=BLOCKED)])
    app = make_app(empty_workspace, database, "data")
    async with app.run_test(size=SIZE) as pilot:
        shown = await choose(pilot, path)
        assert "‹production›" in shown
        assert "‹a log: LiteLLM›" in shown
        assert "own id" not in shown
        assert "of a chat" not in shown
        await pilot.press("enter")
        await seen(pilot, "Imported", "2 new records (1 flagged, 0 without a text)")
    assert records(database) == 2


async def test_chats_of_production_can_be_read_as_a_log(
    empty_workspace: Workspace, database: Database, tmp_path: Path
) -> None:
    path = write_lines(tmp_path / "chats.jsonl", [chat_line(0, turns=2)])
    app = make_app(empty_workspace, database, "data")
    async with app.run_test(size=SIZE) as pilot:
        assert "read as" not in await choose(pilot, path)
        await pilot.press("down", *["right"] * 4)
        assert "own id" in await seen(pilot, "‹production›", "‹a table›")
        await pilot.press("down", "right")
        await seen(pilot, "‹a log: chats›")
        await pilot.press("enter")
        await seen(pilot, "Imported", "2 new records")
    assert records(database) == 2
