"""Real processes that use one workspace, and are killed at the worst moments."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from store.counts import count_all
from store.database.connection import Database
from store.database.owner import read_holder
from store.decisions import Decision, record
from store.errors import AnswerLost
from tests import rows
from tests.waiting import wait_for

OWN = """
import sys, os, signal
from pathlib import Path
import store.decisions
from store.database.connection import Database
from store.serving import performing

def kill(*_):
    os.kill(os.getpid(), signal.SIGKILL)

when = sys.argv[2]
if when == "before it commits":
    store.decisions.append = kill
if when == "before it answers":
    performing.write_result = kill
with Database(Path(sys.argv[1]), role="the app") as database:
    assert database.is_owner
    print("open", flush=True)
    sys.stdin.read()
"""

WRITE = """
import sys
from pathlib import Path
from store.database.connection import Database
from store.decisions import Decision, record
print("begun", flush=True)
for number in range(int(sys.argv[3])):
    with Database(Path(sys.argv[1])) as database:
        record(database, sys.argv[2], [Decision("note", "c0", note=str(number))])
"""


@contextmanager
def process(code: str, *arguments: object) -> Iterator["subprocess.Popen[bytes]"]:
    """Python in a process of its own that has said that it is ready; killed at the end."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    started = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with started as running:
        try:
            assert running.stdout is not None
            assert running.stdout.readline()
            yield running
        finally:
            with contextlib.suppress(ProcessLookupError):
                running.kill()


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace with one cluster."""
    with Database(tmp_path) as database:
        rows.ingest(database, tmp_path, "members", rows.members({"c0": ["a0", "a1"]}))
    return tmp_path


def test_a_killed_owner_leaves_the_workspace_to_its_clients(workspace: Path) -> None:
    with process(OWN, workspace, "") as owner, Database(workspace) as database:
        assert not database.is_owner
        assert count_all(database).clusters == 1
        address = read_holder(workspace)
        owner.kill()
        owner.wait()
        assert address is not None
        assert Path(str(address.socket)).exists()  # stale, and replaced by the next call
        assert count_all(database).clusters == 1
        assert database.is_owner
        with process(WRITE, workspace, "ada", 1) as client:
            assert client.wait() == 0
        assert count_all(database).decisions == 1


def test_a_call_whose_owner_was_killed_before_it_wrote_is_done_by_the_next(
    workspace: Path,
) -> None:
    with process(OWN, workspace, "before it commits"), Database(workspace) as database:
        record(database, "ada", [Decision("flag", "c0")])
        assert database.is_owner
        assert count_all(database).decisions == 1


def test_a_call_whose_owner_was_killed_after_it_wrote_is_not_done_again(workspace: Path) -> None:
    with process(OWN, workspace, "before it answers"), Database(workspace) as database:
        with pytest.raises(AnswerLost, match="need not be done again"):
            record(database, "ada", [Decision("flag", "c0")])
        assert count_all(database).decisions == 1


def test_a_client_that_is_killed_leaves_the_owner_as_it_was(workspace: Path) -> None:
    with Database(workspace) as database:
        with process(WRITE, workspace, "ada", 100_000) as client:
            wait_for(lambda: count_all(database).decisions > 3)
            os.kill(client.pid, signal.SIGKILL)
            client.wait()
        with process(WRITE, workspace, "bob", 3) as client:
            assert client.wait() == 0
        with database.read() as cursor:
            notes = cursor.rows("SELECT note FROM decisions WHERE annotator = 'ada' ORDER BY 1")
        assert len(notes) == len(set(notes))


def test_ten_processes_that_take_turns_lose_and_double_nothing(workspace: Path) -> None:
    with ExitStack() as running:
        clients = [
            running.enter_context(process(WRITE, workspace, f"n{number}", 10))
            for number in range(10)
        ]
        assert [client.wait() for client in clients] == [0] * 10
    with Database(workspace) as database, database.read() as cursor:
        assert cursor.number("SELECT count(*) FROM decisions") == 100
        assert cursor.number("SELECT count(DISTINCT (annotator, note)) FROM decisions") == 100
