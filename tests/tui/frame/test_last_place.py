"""Where the app was closed is found again, or nothing is made of it."""

from pathlib import Path

import pytest

from tests.tui.driving import make_app, seen, until
from tui.frame.last_place import FILE_NAME, LastPlace, read_last_place, write_last_place
from tui.services.workspace import Workspace
from tui.widgets.view_tabs import ViewTabs

SIZE = (160, 48)


def test_what_was_written_is_read(tmp_path: Path) -> None:
    place = LastPlace("drift", {"drift": "pairs", "accuracy": "curves"})
    write_last_place(tmp_path, place)
    assert read_last_place(tmp_path) == place
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '{"screen": "kitchen"}', '{"screen": ["drift"], "views": 3}', "\x00"],
)
def test_a_file_that_is_damaged_counts_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE_NAME).write_text(text, encoding="utf-8")
    assert read_last_place(tmp_path) == LastPlace()


def test_a_view_that_is_no_text_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text('{"screen": "drift", "views": {"a": 1, "drift": "ways"}}')
    assert read_last_place(tmp_path) == LastPlace("drift", {"drift": "ways"})


def test_nothing_is_lost_where_the_folder_is_gone(tmp_path: Path) -> None:
    write_last_place(tmp_path / "gone", LastPlace())


async def test_the_app_tells_where_it_was_closed_and_opens_there(
    evaluated_workspace: Workspace,
) -> None:
    with evaluated_workspace.database() as database:
        app = make_app(evaluated_workspace, database, "drift")
        async with app.run_test(size=SIZE) as pilot:
            await seen(pilot, "all datasets")
            await pilot.press("v")
            chosen = app.screen.query_one(ViewTabs).current
            await pilot.press("f7")
            await until(pilot, lambda: app.current_mode == "jobs")
            app.exit()
        assert app.last_place.screen == "jobs"
        assert app.last_place.views == {"drift": chosen}
        again = make_app(evaluated_workspace, database, "drift", views=app.last_place.views)
        async with again.run_test(size=SIZE) as pilot:
            await seen(pilot, "all datasets")
            await until(pilot, lambda: again.screen.query_one(ViewTabs).current == chosen)


async def test_a_view_that_there_is_no_more_is_not_shown(evaluated_workspace: Workspace) -> None:
    with evaluated_workspace.database() as database:
        app = make_app(evaluated_workspace, database, "drift", views={"drift": "kitchen"})
        async with app.run_test(size=SIZE) as pilot:
            await seen(pilot, "all datasets")
            assert app.screen.query_one(ViewTabs).current != "kitchen"
