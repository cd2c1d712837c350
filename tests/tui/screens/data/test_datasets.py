"""Datasets on the data screen: seen, changed, imported."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot

from store.database.connection import Database
from store.datasets import DatasetSummary, list_datasets
from tests.tui.driving import make_app, paste, seen, until
from tests.tui.scenes import job_running
from tui.screens.data.screen import DataScreen
from tui.services.workspace import Workspace

SIZE = (120, 40)


@pytest.fixture
def empty_database(empty_workspace: Workspace) -> Iterator[Database]:
    with empty_workspace.database() as opened:
        yield opened


def dataset(database: Database, name: str) -> DatasetSummary | None:
    return next((item for item in list_datasets(database) if item.dataset == name), None)


async def show_datasets(pilot: Pilot[None]) -> None:
    await until(pilot, lambda: isinstance(pilot.app.screen, DataScreen))
    await seen(pilot, "Seeds: 450")
    await pilot.press("V")
    await seen(pilot, "Datasets: 4", "abstracts: 100 rows, seed")


async def test_a_dataset_shows_its_labels_and_files(
    clustered_workspace: Workspace, database: Database
) -> None:
    app = make_app(clustered_workspace, database, "data")
    async with app.run_test(size=SIZE) as pilot:
        await show_datasets(pilot)
        await seen(pilot, "abstracts.csv · 20", "100 rows in, 0 rejected", "text from text")
        await pilot.press("j")
        await seen(pilot, "chat-benchmark: 150 rows, benchmark")


async def test_a_dataset_is_removed_after_saying_what_goes_with_it(
    clustered_workspace: Workspace, database: Database
) -> None:
    app = make_app(clustered_workspace, database, "data")
    async with app.run_test(size=SIZE) as pilot:
        await show_datasets(pilot)
        await pilot.press("x")
        await seen(pilot, "Remove abstracts?", "100 rows would go", "questions and", "labelled")
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, DataScreen))
        assert dataset(database, "abstracts") is not None
        await pilot.press("x")
        await seen(pilot, "Remove abstracts?")
        await pilot.press("y")
        await seen(pilot, "Removed abstracts: 100 rows.", "Datasets: 3")
        assert dataset(database, "abstracts") is None


async def test_a_dataset_is_renamed_and_a_name_that_is_taken_refused(
    clustered_workspace: Workspace, database: Database
) -> None:
    app = make_app(clustered_workspace, database, "data")
    async with app.run_test(size=SIZE) as pilot:
        await show_datasets(pilot)
        for name, says in (
            ("laypeople", "There is a dataset 'laypeople' already"),
            ("a b", "'a b' is not a valid name"),
            ("papers", "abstracts is called papers now."),
        ):
            await pilot.press("r")
            await seen(pilot, "Another name for")
            await pilot.press("ctrl+u", *name, "enter")
            await seen(pilot, says)
        await seen(pilot, "papers ")
        assert dataset(database, "papers") is not None


async def test_roles_and_labels_are_changed(
    clustered_workspace: Workspace, database: Database
) -> None:
    app = make_app(clustered_workspace, database, "data")
    async with app.run_test(size=SIZE) as pilot:
        await show_datasets(pilot)
        await pilot.press("o")
        await seen(pilot, "Roles of abstracts")
        await pilot.press("down", "right", "enter")
        await seen(pilot, "abstracts is now: seed, train.", "abstracts: 100 rows, seed, train")
        await pilot.press("m")
        await seen(pilot, "Relabel abstracts", "as it is")
        await pilot.press("left", "enter")
        await seen(pilot, "Relabel abstracts?", "would get another label")
        await pilot.press("y")
        await seen(pilot, "Another label now: ")
    found = dataset(database, "abstracts")
    assert found is not None
    assert found.roles == ("seed", "train")
    assert "general-content" in found.labels


async def test_nothing_is_changed_while_a_job_runs(
    clustered_workspace: Workspace, database: Database
) -> None:
    with job_running(clustered_workspace):
        app = make_app(clustered_workspace, database, "data")
        async with app.run_test(size=SIZE) as pilot:
            await show_datasets(pilot)
            await pilot.press("x")
            await seen(pilot, "Remove abstracts?")
            await pilot.press("y")
            await seen(pilot, "is still running")
    assert dataset(database, "abstracts") is not None


async def test_a_file_is_imported_from_its_path_to_its_report(
    empty_workspace: Workspace, empty_database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "advice.csv"
    path.write_text(
        "sentence,label\nDrink \x1b[31mtea.,1\nTrains run late.,0\nRest.,1\nWhat?,9\n,1\n"
    )
    app = make_app(empty_workspace, empty_database, "data")
    async with app.run_test(size=SIZE) as pilot:
        await seen(pilot, "i takes one in")
        await pilot.press("i")
        await seen(pilot, "Import a file")
        await paste(pilot, str(path.with_name("adv")))
        await pilot.press("tab")
        await seen(pilot, "advice.csv")
        await pilot.press("enter")
        shown = await seen(pilot, "Import advice.csv", "‹sentence›", "‹label›", "Trains run")
        assert "\x1b" not in shown
        await pilot.press("enter")
        await seen(pilot, "1 (3)", "0 (1)", "9 (1)", "‹rejected›")
        await pilot.press("right", "down", "left", "enter")
        await seen(pilot, "Imported", "3 rows in, 2 rejected", "The rejected rows")
        await seen(pilot, "Rejected, 1 row: empty text", "Rejected, 1 row: unknown label '9'")
        await pilot.press("escape")
        await seen(pilot, "Seeds: 3")
    found = dataset(empty_database, "advice")
    assert found is not None
    assert found.labels == {"health-advice": 2, "general-content": 1}


async def test_a_file_that_cannot_be_imported_says_why_and_its_path_can_be_mended(
    empty_workspace: Workspace, empty_database: Database, tmp_path: Path
) -> None:
    app = make_app(empty_workspace, empty_database, "data")
    async with app.run_test(size=SIZE) as pilot:
        await seen(pilot, "i takes one in")
        await pilot.press("i")
        await seen(pilot, "Import a file")
        await paste(pilot, str(tmp_path / "nothing.csv"))
        await pilot.press("enter")
        await seen(pilot, "does not exist.", "Import a file", "nothing.csv")
        right = tmp_path / "nothing.txt"
        right.write_text("One.\nTwo.\n")
        await pilot.press(*["backspace"] * 3, *"txt", "enter")
        shown = await seen(pilot, "Import nothing.txt")
        assert "does not exist." not in shown


async def test_of_chats_the_turn_of_the_user_can_be_taken(
    empty_workspace: Workspace, empty_database: Database, tmp_path: Path
) -> None:
    turns = [{"role": "user", "content": "Is tea good?"}, {"role": "assistant", "content": "Yes."}]
    path = tmp_path / "chats.jsonl"
    path.write_text(f"{json.dumps({'messages': turns})}\n" * 2)
    app = make_app(empty_workspace, empty_database, "data")
    async with app.run_test(size=SIZE) as pilot:
        await seen(pilot, "i takes one in")
        await pilot.press("i")
        await seen(pilot, "Import a file")
        await paste(pilot, str(path))
        await pilot.press("enter")
        await seen(pilot, "Import chats.jsonl", "‹what the assistant said last›")
        await pilot.press("down", "down", "down", "right")
        await seen(pilot, "‹what the user said last›")
        await pilot.press("enter")
        await seen(pilot, "2 rows in, 0 rejected")
        await pilot.press("escape")
        await seen(pilot, "Is tea good?")


async def test_a_name_is_needed_and_every_row_can_get_one_label(
    empty_workspace: Workspace, empty_database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "texts.txt"
    path.write_text("One.\nTwo.\n")
    app = make_app(empty_workspace, empty_database, "data")
    async with app.run_test(size=SIZE) as pilot:
        await seen(pilot, "i takes one in")
        await pilot.press("i")
        await seen(pilot, "Import a file")
        await paste(pilot, str(path))
        await pilot.press("enter")
        await seen(pilot, "Import texts.txt")
        await pilot.press("ctrl+u", "enter", *"mine")
        await pilot.press("down", "right", "down", "down", "left")
        await seen(pilot, "‹train›", "‹every row is general-content›")
        await pilot.press("enter")
        await seen(pilot, "2 rows in, 0 rejected")
    found = dataset(empty_database, "mine")
    assert found is not None
    assert (found.roles, found.labels) == (("train",), {"general-content": 2})
