"""The outermost border of commands and the app: every error becomes a sentence.

What was raised on purpose is a sentence. Of everything else the traceback is kept in a file that
the sentence names, one file for each failure however often it comes. The key of a model server is
in neither.
"""

import hashlib
import os
import tempfile
import traceback
from collections.abc import Mapping
from pathlib import Path

from engine.errors import EngineError
from engine.explanations import explain
from engine.generation.api_key import redact
from store.errors import StoreError
from tui.services.errors import ServiceError


def describe_error(error: Exception, environment: Mapping[str, str] = os.environ) -> str:
    """What happened and the way out, with the file that holds the traceback, if any."""
    if isinstance(error, ServiceError | EngineError | StoreError):
        return redact(str(error), environment)
    kept = keep_traceback(error, environment)
    return redact(explain(error), environment) + (f" The traceback is in {kept}." if kept else "")


def keep_traceback(error: Exception, environment: Mapping[str, str]) -> Path | None:
    """Write an error's traceback to a file and return its path; None if no folder takes it."""
    text = redact("".join(traceback.format_exception(error)), environment)
    name = f"traceback-{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:8]}.txt"
    for folder in _folders(environment):
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if folder.stat().st_uid != os.geteuid():  # somebody else's, in a shared folder
                continue
            (folder / name).write_text(text, encoding="utf-8", errors="backslashreplace")
        except OSError:
            continue
        return folder / name
    return None


def _folders(environment: Mapping[str, str]) -> list[Path]:
    """Where tracebacks may go: by the XDG Base Directory Specification, else temporary."""
    state, home = environment.get("XDG_STATE_HOME", ""), environment.get("HOME", "")
    folders = [Path(state)] if os.path.isabs(state) else []
    if os.path.isabs(home):
        folders.append(Path(home) / ".local" / "state")
    found = [folder / "backquery" for folder in folders]
    try:
        return [*found, Path(tempfile.gettempdir()) / f"backquery-{os.getuid()}"]
    except FileNotFoundError:  # no folder on this machine takes a temporary file
        return found
