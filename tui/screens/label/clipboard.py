"""Copying out of a terminal: to its clipboard, and always to a file.

A terminal takes OSC 52, but tmux keeps it to itself, and some cut it short. Inside tmux its own
command hands the text on to the terminal.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tui.frame.calls import Refused
from tui.screens.label.labelling import Labelling
from tui.screens.label.wording import describe_pair

if TYPE_CHECKING:
    from store.origins import Pair

PATIENCE_S: Final = 2.0


async def copy_pair(labelling: Labelling, pair: "Pair", send: Callable[[str], None]) -> str:
    """A sentence on where a pair was copied to; `send` asks the terminal for its clipboard."""
    desk, text = labelling.desk, describe_pair(pair)
    assert desk is not None
    path = await labelling.make(lambda: desk.keep_copy(text))
    if isinstance(path, Refused):
        return path.text
    way = await labelling.make(lambda: copy_through_tmux(text, os.environ))
    if isinstance(way, Refused):
        return way.text
    if way is None:
        send(text)
    return _describe_copy(path, way)


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


def _describe_copy(path: Path, way: str | None) -> str:
    return f"Copied: {way or 'sent to the terminal for its clipboard'}; and in {path}."
