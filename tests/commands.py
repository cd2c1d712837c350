"""Runs commands as a person types them, in this process, and keeps what they print."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tui.__main__ import main


class Commands:
    """Runs `backquery` in this process, on one workspace, and keeps what it printed."""

    def __init__(self, workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.workspace = workspace
        self._capsys = capsys
        self.err = ""

    def __call__(self, *arguments: str, status: int = 0) -> str:
        """Run a command, check its exit status, and return its standard output."""
        self._capsys.readouterr()
        before, sys.argv = sys.argv, ["backquery", "-w", str(self.workspace), *arguments]
        found = 0
        try:
            main()
        except SystemExit as end:
            found = int(end.code or 0)
        finally:
            sys.argv = before
        out, self.err = self._capsys.readouterr()
        assert found == status, self.err
        return out

    def json(self, *arguments: str) -> Any:
        """Run a command with --json and return what it printed."""
        return json.loads(self(*arguments, "--json"))
