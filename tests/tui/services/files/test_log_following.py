"""A log is taken in while it is written, and while files take each other's place."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from store.database.connection import Database
from tests.logs import Row, guard_log_row, litellm_call, write_guard_logs
from tui.services.files.log_following import FollowedLog
from tui.services.files.log_options import LogOptions
from tui.services.workspace import Workspace


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "proxy.jsonl"


@pytest.fixture
def followed(empty_workspace: Workspace, path: Path) -> Iterator[FollowedLog]:
    path.write_text("")
    with closing(FollowedLog(empty_workspace, path, LogOptions("live"))) as log:
        yield log


def write(path: Path, *rows: Row, end: str = "\n") -> None:
    with path.open("a") as file:
        file.write("\n".join(json.dumps(row) for row in rows) + end)


def texts(workspace: Workspace) -> list[str]:
    with Database(workspace.path) as database, database.read() as cursor:
        return [text for (text,) in cursor.rows("SELECT text FROM samples ORDER BY text")]


def answers(*numbers: int) -> list[str]:
    return [f"Answer {number}." for number in numbers]


def test_what_is_written_comes_in_at_the_next_look(
    followed: FollowedLog, path: Path, empty_workspace: Workspace
) -> None:
    assert not followed.look()
    write(path, litellm_call(0))
    assert followed.look()
    assert not followed.look()
    write(path, litellm_call(1), litellm_call(2))
    assert followed.look()

    assert texts(empty_workspace) == answers(0, 1, 2)
    assert [report.counts.new for report in followed.reports] == [3]


def test_half_a_line_is_taken_once_it_is_whole(
    followed: FollowedLog, path: Path, empty_workspace: Workspace
) -> None:
    line = json.dumps(litellm_call(1))
    write(path, litellm_call(0))
    with path.open("a") as file:
        file.write(line[:50])
    followed.look()
    assert texts(empty_workspace) == answers(0)
    with path.open("a") as file:
        file.write(line[50:] + "\n")
    followed.look()

    assert texts(empty_workspace) == answers(0, 1)
    assert followed.reports[0].counts.rejected == 0


def test_a_rotated_file_is_read_to_its_end_and_then_the_new_one(
    followed: FollowedLog, path: Path, empty_workspace: Workspace
) -> None:
    write(path, litellm_call(0))
    followed.look()
    write(path, litellm_call(1))
    path.rename(path.with_suffix(".1"))
    assert not followed.look()
    write(path, litellm_call(2))
    followed.look()

    assert texts(empty_workspace) == answers(0, 1, 2)
    assert [report.counts.new for report in followed.reports] == [2, 1]


def test_a_file_that_is_cut_short_is_read_from_its_start(
    followed: FollowedLog, path: Path, empty_workspace: Workspace
) -> None:
    write(path, litellm_call(0), litellm_call(1))
    followed.look()
    path.write_text("")
    followed.look()
    write(path, litellm_call(2))
    followed.look()

    assert texts(empty_workspace) == answers(0, 1, 2)


def test_equal_rows_without_ids_come_in_as_often_as_they_are_written(
    followed: FollowedLog, path: Path, empty_workspace: Workspace
) -> None:
    row: Row = {"text": "Text.", "label": "health-advice", "probabilities": {}}
    for _ in range(3):
        write(path, row)
        followed.look()

    assert texts(empty_workspace) == ["Text."] * 3


def test_a_database_of_guardrails_ai_is_followed(
    empty_workspace: Workspace, tmp_path: Path
) -> None:
    path = write_guard_logs(tmp_path / "guard.db", [guard_log_row(0)])
    with closing(FollowedLog(empty_workspace, path, LogOptions("live"))) as followed:
        followed.look()
        write_guard_logs(path, [guard_log_row(1)])
        followed.look()

    assert texts(empty_workspace) == answers(0, 1)
