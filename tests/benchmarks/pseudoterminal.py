"""Runs a program in a pseudo terminal and tells when it has written what."""

import codecs
import contextlib
import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

PATIENCE_S: Final = 120.0
# Control sequences, titles and such, other escapes; what is left is text as it was written.
_ESCAPES: Final = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[\]P_^].*?(?:\x07|\x1b\\)|\x1b[ -/]*[0-~]|[\x00-\x1f]"
)


class Terminal:
    """A running program. What it writes is read by a thread, with the time at which it came."""

    def __init__(self, process: subprocess.Popen[bytes], master: int, began: float) -> None:
        self.pid = process.pid
        self.began = began
        self._master = master
        self._changed = threading.Condition()
        self._written = ""
        self._read_at = began
        self._has_ended = False
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        with contextlib.suppress(OSError):  # that is how Linux says that the program has ended
            while data := os.read(self._master, 65_536):
                with self._changed:
                    self._read_at = time.perf_counter()
                    self._written += decoder.decode(data)
                    self._changed.notify_all()
        with self._changed:
            self._has_ended = True
            self._changed.notify_all()

    def press(self, key: str) -> float:
        """Send a key as its bytes, forget what was written before, and return the time."""
        with self._changed:
            self._written = ""
        pressed = time.perf_counter()
        os.write(self._master, key.encode())
        return pressed

    def wait_for(self, text: str, patience_s: float = PATIENCE_S) -> float:
        """Wait until a text stands in what was written since the last key; return the time."""
        deadline = time.perf_counter() + patience_s
        with self._changed:
            while text not in (written := _ESCAPES.sub("", self._written)):
                left = deadline - time.perf_counter()
                if left < 0 or self._has_ended:
                    raise TimeoutError(f"{text!r} was never written, but:\n{written[-2000:]}")
                self._changed.wait(left)
            return self._read_at

    def peak_memory_bytes(self) -> int:
        """The most memory that the program has held so far."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        found = re.search(r"VmHWM:\s+(\d+) kB", status)
        assert found
        return int(found[1]) * 1024


@contextmanager
def running(command: Sequence[str], columns: int, lines: int) -> Iterator[Terminal]:
    """Run a program in a terminal of this size; end it when the block is left."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    for name in ("COLUMNS", "LINES"):
        environment.pop(name, None)
    began = time.perf_counter()
    process = subprocess.Popen(
        command, stdin=slave, stdout=slave, stderr=slave, env=environment, start_new_session=True
    )
    os.close(slave)
    try:
        yield Terminal(process, master, began)
    finally:
        process.terminate()
        process.wait(PATIENCE_S)
        os.close(master)
