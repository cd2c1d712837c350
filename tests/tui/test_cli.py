import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import typer

from tests.commands import Commands
from tui.cli import GROUPS, app
from tui.services.workspace import Workspace

PROGRAM = "import sys; from tui.__main__ import main; sys.argv[0] = 'backquery'; main()"


def complete(shell: str, words: str) -> list[str]:
    """What the program offers for the last of these words, as its completion script asks."""
    environment = {
        **os.environ,
        "_BACKQUERY_COMPLETE": f"complete_{shell}",
        "COMP_WORDS": words,  # bash
        "COMP_CWORD": str(words.count(" ")),
        "_TYPER_COMPLETE_ARGS": words,  # zsh and fish
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
    }
    found = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=environment, check=True, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    return re.findall(r"[\w-]+(?=\"|\t|$)", found.stdout, re.MULTILINE)


def commands() -> Iterator[tuple[str, Any]]:
    """Every command and subcommand with its name."""
    group: Any = typer.main.get_command(app)
    for name in group.list_commands(None):
        command: Any = group.get_command(None, name)
        yield name, command
        for part, subcommand in getattr(command, "commands", {}).items():
            yield f"{name} {part}", subcommand


COMMANDS = dict(commands())


def test_the_version_is_that_of_the_package(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert Commands(tmp_path, capsys)("--version") == f"backquery {version('backquery')}\n"


def test_the_help_lists_every_command_under_its_heading(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = Commands(tmp_path, capsys)("--help")
    places = [text.index(f" {heading} ") for heading in GROUPS]
    assert places == sorted(places)
    for heading, group in GROUPS.items():
        part = text[text.index(f" {heading} ") :]
        assert all(re.search(rf"^\W*{name} ", part, re.MULTILINE) for name in group)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_sentence_of_the_help_is_whole(name: str) -> None:
    command = COMMANDS[name]
    texts = [command.help, *(param.help for param in command.params if param.name != "help")]
    for text in texts:
        assert text
        assert text[0].isupper()
        assert text.endswith(".")
        assert len(text.split()) > 2


@pytest.mark.parametrize(
    ("words", "meant"),
    [("stauts", "status"), ("run --lmit 3", "--limit"), ("jobs shwo", "show")],
)
def test_a_typing_error_is_answered_with_what_may_be_meant(
    words: str, meant: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = Commands(tmp_path, capsys)
    run(*words.split(), status=2)
    assert meant in run.err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_commands_options_and_names_in_the_workspace_are_completed(
    shell: str, clustered_workspace: Workspace
) -> None:
    assert complete(shell, "backquery exp") == ["export"]
    assert "--retry-errors" in complete(shell, "backquery run --retry")
    folder = f"backquery -w {clustered_workspace.path}"
    assert complete(shell, f"{folder} run --dataset sug") == ["suggestions"]
    assert complete(shell, f"{folder} run --label health-a") == ["health-advice"]
    assert complete(shell, f"{folder} train two-stage-b") == ["two-stage-balanced"]


def test_nothing_is_offered_where_there_is_no_workspace(tmp_path: Path) -> None:
    assert complete("bash", f"backquery -w {tmp_path} run --dataset s") == []


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_the_script_for_bash_completes_a_command(tmp_path: Path) -> None:
    program = tmp_path / "backquery"
    program.write_text(f"#!{sys.executable}\n{PROGRAM}\n")
    program.chmod(0o755)
    asked = [sys.executable, "-c", PROGRAM, "--show-completion", "bash"]
    environment = {**os.environ, "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
    script = subprocess.run(
        asked, env=environment, check=True, capture_output=True, text=True, timeout=60
    ).stdout
    words = "COMP_WORDS=(backquery stat); COMP_CWORD=1"
    typed = f'{words}; _backquery_completion backquery; echo "$COMPREPLY"'
    found = subprocess.run(
        ["bash", "-c", f"{script}\n{typed}"],
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"},
        check=True, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert found.stdout.strip() == "status"
