"""The program as the system starts it: its path, its encodings, its readers, its interrupts."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

from tui import __main__ as entry
from tui.services.workspace import Workspace

OPEN = "from tui.__main__ import main; main()"
PLAIN = {"LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}


def run(
    folder: Path,
    *arguments: str,
    environment: Mapping[str, str] = MappingProxyType({}),
    cwd: Path | None = None,
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-P", "-c", OPEN, "-w", str(folder), *arguments],
        capture_output=True,
        check=False,
        cwd=cwd,
        env={**os.environ, **environment},
    )


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "Ünï [x]", task="health-advice", preset="embedded")


@pytest.mark.parametrize(
    "environment", [PLAIN, {"PYTHONIOENCODING": "ascii"}, {"PYTHONIOENCODING": "latin-1"}]
)
def test_no_encoding_of_a_terminal_makes_a_command_fail(
    environment: dict[str, str], workspace: Workspace
) -> None:
    (workspace.path / "recipes" / "real (conflicted copy) … 日本.toml").touch()
    done = run(workspace.path, "status", environment=environment)
    assert done.returncode == 0, done.stderr
    assert b"samples" in done.stdout
    done = run(workspace.path, "recipes", "--json", environment=environment)
    assert done.returncode == 0, done.stderr
    assert "real" in [recipe["name"] for recipe in json.loads(done.stdout)]


def test_files_of_the_current_folder_are_not_imported(workspace: Workspace, tmp_path: Path) -> None:
    for name in ("store", "engine", "polars", "random", "typer"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('the wrong module')")
    done = run(workspace.path, "status", cwd=tmp_path, environment={"PYTHONPATH": ":"})
    assert done.returncode == 0, done.stderr


def test_a_reader_that_has_gone_is_not_worth_a_word(workspace: Workspace) -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as pipe:
        done = subprocess.run(
            [sys.executable, "-P", "-c", OPEN, "-w", str(workspace.path), "recipes", "--json"],
            stdout=pipe,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.stderr == b""


def test_output_that_a_full_disk_refuses_is_said(workspace: Workspace) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-P", "-c", OPEN, "-w", str(workspace.path), "recipes", "--json"],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 1
    assert b"no space left on the disk" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [(), ("label",), ("audit",)])
def test_without_a_terminal_the_app_is_refused_and_keeps_no_lock(
    arguments: tuple[str, ...], workspace: Workspace
) -> None:
    done = run(workspace.path, *arguments)
    assert done.returncode == 1
    assert b"is not a terminal" in done.stderr
    with workspace.database(patience_s=0):
        pass


def test_an_interrupt_is_a_sentence_and_not_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], workspace: Workspace
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Workspace, "open", interrupted)
    monkeypatch.setattr(sys, "argv", ["backquery", "-w", str(workspace.path), "status"])
    with pytest.raises(SystemExit) as end:
        entry.main()
    assert end.value.code == entry.INTERRUPTED
    assert capsys.readouterr().err == "backquery: interrupted.\n"


def test_the_folder_of_the_command_is_not_on_the_path(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    package = str(Path(entry.__file__).parents[1])
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", [str(tmp_path / "bin" / "backquery")])
    monkeypatch.setattr(sys, "path", [str(tmp_path / "bin"), "", str(tmp_path), "/lib", package])
    entry.leave_out_unsafe_folders()
    assert sys.path == ["/lib", package]


def test_a_current_folder_that_was_removed_is_a_sentence(
    workspace: Workspace, tmp_path: Path
) -> None:
    gone = tmp_path / "gone"
    leave = f"import os; gone = {str(gone)!r}; os.mkdir(gone); os.chdir(gone); os.rmdir(gone)"
    code = f"{leave}; {OPEN}"
    for arguments, status in (
        (("-w", str(workspace.path), "status"), 0),
        (("init", "new"), 1),
    ):
        done = subprocess.run(
            [sys.executable, "-P", "-c", code, *arguments], capture_output=True, check=False
        )
        assert done.returncode == status, done.stderr
        assert b"Traceback" not in done.stderr
    assert b"The current folder does not exist any more" in done.stderr


@pytest.mark.parametrize("closed", ["0", "1", "2"])
def test_a_closed_stream_makes_no_command_fail(closed: str, workspace: Workspace) -> None:
    code = f"import os, sys; os.close({closed}); os.execv(sys.executable, sys.argv[1:])"
    program = [sys.executable, "-P", "-c", OPEN, "-w", str(workspace.path), "status"]
    done = subprocess.run([sys.executable, "-c", code, *program], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr == b""
