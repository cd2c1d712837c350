"""The program itself in a terminal, killed as nothing can be prepared for."""

import os
import pty
import shlex
import signal
import sys
import threading
from pathlib import Path

import pytest

from store.cluster_states import read_states
from store.database.connection import Database
from tests.benchmarks.pseudoterminal import running
from tui.frame.driver import LossyFile, SteadyDriver
from tui.services.errors import NoTerminal
from tui.services.terminal import has_terminal, require_terminal
from tui.services.workspace import Workspace

PROGRAM = (sys.executable, "-m", "tui")


def states(path: Path) -> list[tuple[str | None, str | None]]:
    with Database(path, patience_s=20) as database:
        return sorted((state.kind, state.label) for state in read_states(database).values())


def test_a_kill_loses_no_decision_whose_effect_was_seen(clustered_workspace: Workspace) -> None:
    path = clustered_workspace.path
    command = [*PROGRAM, "-w", str(path), "label"]
    with running(command, 80, 24) as terminal:
        terminal.wait_for("Cluster 1 of")
        for number, key in enumerate("12", start=2):
            terminal.press(key)
            terminal.wait_for(f"Cluster {number} of")
        os.kill(terminal.pid, signal.SIGKILL)
    assert states(path) == [("label", "health-advice"), ("label", "health-content")]
    with running(command, 80, 24) as terminal:
        terminal.wait_for("Cluster 3 of")
        terminal.press("u")
        terminal.wait_for("Undid:")
        terminal.press("3")
        os.kill(terminal.pid, signal.SIGKILL)
    kept, pressed = ("label", "health-advice"), ("label", "general-content")
    assert states(path) in ([kept], [pressed, kept])  # the last key's effect was not waited for


@pytest.mark.parametrize("number", [None, signal.SIGTERM, signal.SIGHUP])
def test_nothing_is_left_on_the_terminal_after_quitting(
    number: signal.Signals | None, clustered_workspace: Workspace
) -> None:
    program = shlex.join([*PROGRAM, "-w", str(clustered_workspace.path), "label"])
    with running(["sh", "-c", f"{program}; echo ended: $?"], 80, 24) as terminal:
        terminal.wait_for("Cluster 1 of")
        if number is None:
            terminal.press("\x11")  # Ctrl-Q
        else:
            terminal.press("h")
            os.kill(children(terminal.pid)[0], number)
        terminal.wait_for("ended: 0")
        with pytest.raises(TimeoutError):
            terminal.wait_for("leaked", patience_s=0)


def children(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_what_is_written_to_a_lost_terminal_is_dropped() -> None:
    master, slave = pty.openpty()
    os.close(master)
    with pytest.raises(OSError, match="Input/output error"):
        os.write(slave, b"text")
    file = LossyFile(os.fdopen(slave, "w", buffering=1, closefd=False))
    assert file.write("a line\n") == 7
    file.flush()
    assert file.fileno() == slave
    os.close(slave)


@pytest.mark.parametrize("term", ["dumb", "unknown"])
def test_a_terminal_without_a_cursor_is_refused(term: str, monkeypatch: pytest.MonkeyPatch) -> None:
    master, slave = pty.openpty()
    with os.fdopen(slave, "r") as terminal:
        monkeypatch.setattr(sys, "stdin", terminal)
        monkeypatch.setattr(sys, "stderr", terminal)
        with pytest.raises(NoTerminal, match=f"TERM is {term}.*backquery status"):
            require_terminal({"TERM": term})
        require_terminal({"TERM": "xterm-256color"})
        assert has_terminal({})
        monkeypatch.setattr(sys, "stdin", None)  # as where it was closed
        with pytest.raises(NoTerminal, match="Standard input is not a terminal"):
            require_terminal({"TERM": "xterm-256color"})
    os.close(master)


def test_what_a_terminal_sends_is_read_until_it_is_gone() -> None:
    read_end, write_end = os.pipe()
    driver = SteadyDriver.__new__(SteadyDriver)
    driver.fileno, driver.exit_event = read_end, threading.Event()
    for piece in ("é1".encode()[:1], "é1".encode()[1:]):
        os.write(write_end, piece)
    os.close(write_end)
    assert "".join(driver._read_input()) == "é1"
    assert list(driver._read_input()) == []
    os.close(read_end)
