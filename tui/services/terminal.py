"""Whether the app can be shown where it was started."""

import os
import sys
from collections.abc import Mapping
from typing import TextIO

from tui.services.errors import NoTerminal

_ELSEWHERE = (
    "The app needs a terminal to draw on: use `ssh -t` or `docker run -it`. Commands work without "
    "one: `backquery status`, `backquery label --from FILE.csv`, `backquery audit --json`."
)


def require_terminal(environment: Mapping[str, str] = os.environ) -> None:
    """Raise NoTerminal where keys cannot be read or screens cannot be drawn.

    The app reads keys from standard input and draws on standard error.
    """
    if problem := _problem(environment):
        raise NoTerminal(f"{problem} {_ELSEWHERE}")


def has_terminal(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the app can be shown here."""
    return _problem(environment) is None


def _problem(environment: Mapping[str, str]) -> str | None:
    for stream, name in ((sys.stdin, "Standard input"), (sys.stderr, "Standard error")):
        if not _is_terminal(stream):
            return f"{name} is not a terminal."
    if environment.get("TERM") in ("dumb", "unknown"):
        return f"This terminal cannot move its cursor: TERM is {environment['TERM']}."
    return None


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and not stream.closed and stream.isatty()
