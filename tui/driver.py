"""Textual's driver for Linux, for terminals that may be lost.

Textual's thread that writes dies of the first error, and whoever hands it more then waits for
ever: after a lost connection the app would stay behind and keep its workspace.
"""

import contextlib
from typing import IO, Any

from textual.drivers.linux_driver import LinuxDriver


class LossyFile:
    """A terminal's file that takes what is written even where no terminal is left."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def write(self, text: str) -> int:
        """Write what can be written."""
        with contextlib.suppress(OSError):
            self._file.write(text)
        return len(text)

    def flush(self) -> None:
        """Flush what can be flushed."""
        with contextlib.suppress(OSError):
            self._file.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


class SteadyDriver(LinuxDriver):
    """A driver that goes on when its terminal is gone, so that the app can end in order."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._file: Any = LossyFile(self._file)
