import errno
import os
from pathlib import Path

import pytest

from engine.errors import EngineError
from store.errors import StoreError
from tests.commands import Commands
from tui.frame.calls import Refused, attempt
from tui.services.border import describe_error
from tui.services.errors import ServiceError


def fail(error: Exception) -> Exception:
    """An error that was raised, as one that reaches the border was."""
    try:
        raise error
    except type(error) as raised:
        return raised


@pytest.mark.parametrize("kind", [ServiceError, EngineError, StoreError])
def test_what_was_raised_on_purpose_is_its_own_sentence(
    kind: type[Exception], tmp_path: Path
) -> None:
    environment = {"XDG_STATE_HOME": str(tmp_path)}
    assert describe_error(fail(kind("It cannot be.")), environment) == "It cannot be."
    assert list(tmp_path.iterdir()) == []


def test_the_traceback_of_anything_else_is_kept_once(tmp_path: Path) -> None:
    environment = {"XDG_STATE_HOME": str(tmp_path)}
    error = fail(KeyError("label"))
    text = describe_error(error, environment)
    assert text == describe_error(error, environment)
    (kept,) = (tmp_path / "backquery").iterdir()
    assert text == f"This should not happen: KeyError: 'label' The traceback is in {kept}."
    assert "Traceback (most recent call last)" in kept.read_text()


def test_the_key_of_a_model_server_is_neither_said_nor_kept(tmp_path: Path) -> None:
    environment = {"XDG_STATE_HOME": str(tmp_path), "OPENAI_API_KEY": "sk-secret-0123\n"}
    error = fail(ValueError(f"Illegal header {b'Bearer sk-secret-0123' + bytes([10])!r}"))
    assert "sk-secret" not in describe_error(error, environment)
    (kept,) = (tmp_path / "backquery").iterdir()
    assert "sk-secret" not in kept.read_text()
    assert "sk-secret" not in describe_error(EngineError("It is sk-secret-0123."), environment)


def test_a_traceback_goes_where_it_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    environment = {"XDG_STATE_HOME": "relative", "HOME": str(tmp_path / "file")}
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    error = fail(OSError(errno.EACCES, os.strerror(errno.EACCES), "/data/x"))
    assert f"The traceback is in {tmp_path}/backquery-" in describe_error(error, environment)
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path / "file"))
    assert describe_error(error, environment).endswith("or name another.")


def test_the_app_says_what_the_command_line_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))

    def call() -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/data/x")

    said = attempt(call)
    assert isinstance(said, Refused)
    assert said.text.startswith("There is no space left on the disk of /data/x.")


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state"


def test_an_error_of_the_system_ends_a_command_with_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], state: Path
) -> None:
    run = Commands(tmp_path / "ws", capsys)
    (tmp_path / "file").touch()
    run("init", str(tmp_path / "file" / "ws"), status=1)
    assert run.err.startswith(f"backquery: {tmp_path}/file/ws")
    assert run.err.count("\n") == 1
    (kept,) = (state / "backquery").iterdir()
    assert str(kept) in run.err


def test_jobs_that_are_a_file_are_said_to_be_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], state: Path
) -> None:
    run = Commands(tmp_path / "ws", capsys)
    run("init", str(tmp_path / "ws"))
    (tmp_path / "ws" / "jobs").rmdir()
    (tmp_path / "ws" / "jobs").touch()
    run("jobs", status=1)
    assert "ws/jobs cannot be used: it, or a part of its path, is a file" in run.err


def test_control_characters_of_a_path_are_shown_and_not_obeyed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = Commands(tmp_path / "x\x1b[31m", capsys)
    run("status", status=1)
    assert "x␛[31m is not a workspace" in run.err
