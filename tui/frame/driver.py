"""Textual's driver for Linux, for terminals that may be lost, and text that is pasted.

Textual's thread that writes dies of the first error, and whoever hands it more then waits for
ever: after a lost connection the app would stay behind and keep its workspace.
"""

import codecs
import contextlib
import os
import selectors
from collections.abc import Iterator
from typing import IO, Any, Final

from textual.drivers.linux_driver import LinuxDriver

from tui.frame.paste import PasteParser

READ_BYTES: Final = 4096
POLL_S: Final = 0.1  # as often the parser may take an escape for a key


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

    def run_input_thread(self) -> None:
        """Dispatch what the terminal sends, as Textual does, but by a parser of our own.

        If the terminal is gone without a signal, the app leaves in order.
        """
        parser = PasteParser()
        for text in self._read_input():
            for event in (*parser.feed(text), *parser.tick()) if text else parser.tick():
                self.process_message(event)
        if not self.exit_event.is_set():  # without a terminal, nobody can end the app
            self._app.call_later(self._app.exit)

    def _read_input(self) -> Iterator[str]:
        """Yield what the terminal sends until the app or the terminal ends; "" for nothing.

        A terminal that is gone can be read at once, again and again, and has nothing to say.
        """
        decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if not selector.select(POLL_S):
                    yield ""
                    continue
                sent = self._read()
                if not sent:
                    return
                yield decode(sent)

    def _read(self) -> bytes:
        with contextlib.suppress(OSError):
            return os.read(self.fileno, READ_BYTES)
        return b""
