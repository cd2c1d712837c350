"""Copying out of a terminal: to its clipboard, and always to a file.

A terminal takes OSC 52, but tmux keeps it to itself, and some cut it short. Inside tmux its own
command hands the text on to the terminal.
"""

import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PATIENCE_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class Copied:
    """Where a text was copied to; `way` is None where the terminal has yet to be asked."""

    text: str
    path: Path
    way: str | None

    def describe(self) -> str:
        """A sentence on where it is."""
        return (
            f"Copied: {self.way or 'sent to the terminal for its clipboard'}; and in {self.path}."
        )


def copy_text(text: str, workspace: Path, environment: Mapping[str, str]) -> Copied:
    """Write a text to a file of the workspace, and inside tmux to its buffer."""
    path = workspace / "exports" / "copied.txt"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return Copied(text, path, copy_through_tmux(text, environment))


def copy_through_tmux(text: str, environment: Mapping[str, str]) -> str | None:
    """Give tmux the text for its buffer and the terminal's clipboard; say how that went.

    None outside tmux, where the terminal has to be asked.
    """
    if not environment.get("TMUX"):
        return None
    tmux = shutil.which("tmux")
    if tmux is None:
        return "tmux is not found, so the clipboard was left alone"
    try:
        subprocess.run(
            [tmux, "load-buffer", "-w", "-"],
            input=text.encode(),
            check=True,
            capture_output=True,
            timeout=PATIENCE_S,
        )
        shown = subprocess.run(
            [tmux, "show-options", "-gv", "set-clipboard"],
            capture_output=True,
            check=True,
            timeout=PATIENCE_S,
        )
    except (OSError, subprocess.SubprocessError):
        return "this tmux does not take it (3.2 or newer does), so the clipboard was left alone"
    if shown.stdout.strip() == b"off":
        return "in tmux's buffer; for the clipboard set `set -g set-clipboard on` in tmux.conf"
    return "in tmux's buffer and the terminal's clipboard"
