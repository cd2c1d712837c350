"""Rows of a task of pairs: imported with their context, and as they are called there."""

from pathlib import Path

import pytest

from store.datasets import evaluation_samples, list_datasets
from tests.tui.driving import make_app, paste, seen, until
from tests.tui.paired import DRAWS, OFF, ON
from tui.screens.data.screen import DataScreen
from tui.services.workspace import Workspace

SIZE = (120, 40)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "prompts.csv"
    path.write_text(
        "label,prompt,System_Prompt\n"
        f"{OFF},Write a poem.,You help with buses.\n"
        f"{ON},When does the 4 leave?,You help with buses.\n"
    )
    return path


async def test_the_sides_of_a_file_are_found_by_their_names(
    empty_pair_workspace: Workspace, file: Path
) -> None:
    with empty_pair_workspace.database() as database:
        async with make_app(empty_pair_workspace, database, "data").run_test(size=SIZE) as pilot:
            await seen(pilot, "i takes one in")
            await pilot.press("i")
            await seen(pilot, "Import a file")
            await paste(pilot, str(file))
            await pilot.press("enter")
            await seen(pilot, "system prompt", "‹System_Prompt›", "user prompt", "‹prompt›")
            await pilot.press("down", "right", "enter")
            await seen(pilot, "What the values of label mean")
            await pilot.press("enter")
            await seen(pilot, "2 rows in, 0 rejected")
        (found,) = list_datasets(database)
        assert found.roles == ("benchmark",)
        samples = evaluation_samples(database, "prompts").select("context", "text", "label").rows()
    assert sorted(samples) == [
        ("You help with buses.", "When does the 4 leave?", ON),
        ("You help with buses.", "Write a poem.", OFF),
    ]


async def test_one_column_cannot_be_both_sides(empty_pair_workspace: Workspace, file: Path) -> None:
    with empty_pair_workspace.database() as database:
        async with make_app(empty_pair_workspace, database, "data").run_test(size=SIZE) as pilot:
            await seen(pilot, "i takes one in")
            await pilot.press("i")
            await seen(pilot, "Import a file")
            await paste(pilot, str(file))
            await pilot.press("enter")
            await seen(pilot, "‹System_Prompt›")
            await pilot.press("down", "down", "down", "left", "enter")
            await seen(pilot, "The columns of system prompt and user prompt are the same")
        assert list_datasets(database) == []


async def test_invented_rows_stay_invented_whatever_their_other_roles(
    pair_workspace: Workspace,
) -> None:
    with pair_workspace.database() as database:
        async with make_app(pair_workspace, database, "data").run_test(size=SIZE) as pilot:
            await until(pilot, lambda: isinstance(pilot.app.screen, DataScreen))
            await seen(pilot, "industry: ")
            await pilot.press("V")
            await seen(pilot, "Datasets: 1")
            await pilot.press("o")
            await seen(pilot, "invented: scenarios are written from its draws")
            await pilot.press("down", "right", "enter")
            await seen(pilot, "is now: invented, train")
        (found,) = list_datasets(database)
    assert (found.dataset, set(found.roles)) == (DRAWS, {"invented", "train"})


async def test_an_opened_row_has_its_context_folded_until_a_key_unfolds_it(
    pair_workspace: Workspace,
) -> None:
    with pair_workspace.database() as database:
        async with make_app(pair_workspace, database, "data").run_test(size=SIZE) as pilot:
            await seen(pilot, "Rows: 8", "Scenarios", "Prompts")
            await pilot.press("v", "v")
            await seen(pilot, "Prompts: 32", "user prompt")
            await pilot.press("enter")
            text = await seen(pilot, "DRAW invented", "words more: z", "USER PROMPT", "constructed")
            assert "QUESTION" not in text
            await pilot.press("z")
            await seen(pilot, "z folds it")
            await pilot.press("j")
            await seen(pilot, "2 of 32", "z folds it")
