"""Standard output and error as commands need them: any text, any encoding, any reader."""

import io
import os
import sys
from typing import TextIO


def make_streams_lenient() -> None:
    """Show letters that a terminal's encoding lacks by their escapes, instead of failing.

    What is written to a stream that was closed goes nowhere.
    """
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def finish_streams(status: int) -> int:
    """Write what is still kept back, and return the status to exit with.

    A reader that has gone, as `head` does, is not worth a word; a full disk is.
    """
    return max([status, *(_finish(stream) for stream in (sys.stdout, sys.stderr))])


def _finish(stream: TextIO) -> int:
    try:
        stream.flush()
    except BrokenPipeError:
        _drop(stream)
    except OSError as error:
        _drop(stream)
        if stream is not sys.stderr:
            sys.stderr.write(f"backquery: The output could not be written: {error.strerror}.\n")
        return 1
    return 0


def _drop(stream: TextIO) -> None:
    """Let Python's own last flush go nowhere; it would print the same error again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
