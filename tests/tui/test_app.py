"""The app as a whole: who holds the workspace, what is imported, how it leaves."""

import os
import pty
import signal
import subprocess
import sys

import pytest

from store.errors import StoreError
from tests.tui.driving import make_app, text_of, until, until_clusters
from tui.app import BackqueryApp
from tui.frame.opening import OpenWorkspace
from tui.frame.session import Session
from tui.frame.snapshot import Labels
from tui.keys.keymap import Keymap
from tui.services.workspace import Workspace


def run_python(code: str, *arguments: str) -> str:
    """Run code in a fresh interpreter and return what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout


def test_a_workspace_that_is_open_elsewhere_is_refused_before_the_screen_is_taken_over(
    empty_workspace: Workspace,
) -> None:
    code = (
        "import sys; from pathlib import Path; from store.database.connection import Database\n"
        "from store.errors import WorkspaceHeld; from tui.running import run_app\n"
        "from tui.services.workspace import Workspace\n"
        "try: run_app(lambda: Workspace.open(Path(sys.argv[1])), 'label', lambda _: False)\n"
        "except WorkspaceHeld as error: print(error)"
    )
    with empty_workspace.database(role="another app"):
        shown = run_python(code, str(empty_workspace.path))
    assert "is open in another app" in shown
    assert "\x1b" not in shown


def test_the_app_needs_neither_polars_nor_duckdb_for_its_first_paint() -> None:
    code = (
        "import sys, tui.app\n"
        "heavy = ('polars', 'duckdb', 'pyarrow', 'numpy', 'scipy', 'torch', 'transformers',"
        " 'sklearn', 'pydantic')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    assert run_python(code).strip() == "[]"


ALL_SCREENS = """
import asyncio, sys
from pathlib import Path
from store.database.connection import Database
from tests.tui.driving import make_app, text_of, until, until_clusters
from tui.services.workspace import Workspace

async def visit():
    workspace = Workspace.open(Path(sys.argv[1]))
    with Database(workspace.path) as database:
        app = make_app(workspace, database, "label")
        async with app.run_test(size=(160, 48)) as pilot:
            await until_clusters(pilot)
            await pilot.press("1", "m", "u", "question_mark", "escape")
            for key, says in (("f1", "evaluations"), ("f4", "floor"), ("f6", "FPR"), ("f7", "Log"),
                              ("f5", "loss")):
                await pilot.press(key)
                await until(pilot, lambda: says in text_of(app))
            await pilot.press("f1", "r", "n")

asyncio.run(visit())
print([name for name in ("torch", "transformers", "sklearn", "bert_score") if name in sys.modules])
"""


def test_the_app_never_imports_what_only_jobs_need(evaluated_workspace: Workspace) -> None:
    assert run_python(ALL_SCREENS, str(evaluated_workspace.path)).strip() == "[]"


async def test_an_error_that_nobody_foresaw_ends_the_app_without_a_page_of_traceback(
    imported_workspace: Workspace, capfd: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise KeyError("a bug")

    async def run() -> None:
        async with app.run_test() as pilot:
            app.call_later(fail)
            await pilot.pause()

    with imported_workspace.database() as database:
        app = make_app(imported_workspace, database, "pipeline")
        with pytest.raises(KeyError, match="a bug"):
            await run()
    assert isinstance(app.failure, KeyError)
    assert app.return_code == 1
    assert "Traceback" not in "".join(capfd.readouterr())


async def test_a_database_that_cannot_be_opened_ends_the_app_with_its_error() -> None:
    class Refusing:
        def workspace(self) -> OpenWorkspace:
            raise StoreError("The file is broken.")

        def session(self) -> Session:
            raise AssertionError

    app = BackqueryApp(
        Refusing(),
        name="w",
        labels=Labels(()),
        keymap=Keymap(),
        screen="pipeline",
    )
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.failure is not None)
    assert isinstance(app.failure, StoreError)
    assert app.return_code == 1


async def test_a_failing_read_becomes_a_message_and_not_the_end(
    clustered_workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError("No space left on device")

    with clustered_workspace.database() as database:
        app = make_app(clustered_workspace, database)
        async with app.run_test(size=(120, 30)) as pilot:
            screen = await until_clusters(pilot)
            monkeypatch.setattr("tui.screens.label.desk.record", fail)
            await pilot.press("1")
            work = screen.labelling.state.work
            assert work.index == 0
            assert work.decisions.tally.labelled == 0
            await until(pilot, lambda: "no space left on the disk" in text_of(app))


OPEN = (
    "import sys; from pathlib import Path; from tui.running import run_app;"
    "from tui.services.workspace import Workspace;"
    "run_app(lambda: Workspace.open(Path(sys.argv[1])), 'label', lambda _: False)"
)


def test_a_lost_terminal_ends_the_app_in_order_and_frees_the_workspace(
    clustered_workspace: Workspace,
) -> None:
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(sys.executable, [sys.executable, "-c", OPEN, str(clustered_workspace.path)])
    shown = b""
    while b"clusters labelled" not in shown:
        shown += os.read(terminal, 65536)
    os.kill(pid, signal.SIGHUP)
    os.close(terminal)
    _, status = os.waitpid(pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    with clustered_workspace.database(patience_s=0):
        pass


def test_a_terminal_that_is_lost_without_a_signal_ends_the_app_too(
    clustered_workspace: Workspace,
) -> None:
    """It is not the app's controlling terminal, so the system tells nobody that it is gone."""
    terminal, inside = pty.openpty()
    app = subprocess.Popen(
        [sys.executable, "-c", OPEN, str(clustered_workspace.path)],
        stdin=inside, stdout=inside, stderr=inside, start_new_session=True,
    )  # fmt: skip
    os.close(inside)
    shown = b""
    while b"clusters labelled" not in shown:
        shown += os.read(terminal, 65536)
    os.close(terminal)
    assert app.wait() == 0
    with clustered_workspace.database(patience_s=0):
        pass
