"""How a running stage says how far it is: progress.json, replaced atomically.

A thread renews the heartbeat, so that a long batch is not taken for a dead process.
"""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from engine.job import StageProgress
from engine.parts import write_text

HEARTBEAT_S = 2.0
WRITE_INTERVAL_S = 0.25


class ProgressFile:
    """The Progress of a stage, kept in its folder while a `with` block lasts."""

    def __init__(self, stage_dir: Path, clock: Callable[[], float] = time.time) -> None:
        self._path = stage_dir / "progress.json"
        self._clock = clock
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)
        self._began = clock()
        self._written = 0.0
        self._total = self._done = self._before = self._tokens = 0
        self._note = ""
        self._finished = False

    def __enter__(self) -> "ProgressFile":
        self._write()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()
        self._finished = kind is None
        self._note = "" if kind is None else self._note
        self._write()

    def start(self, total: int, done: int = 0) -> None:
        """Set the number of rows in all, and of those already there; the rates begin here."""
        self._total, self._done, self._before = total, done, done
        self._began = self._clock()
        self._write()

    def advance(self, rows: int, tokens: int = 0) -> None:
        """Count finished rows and their tokens."""
        self._done += rows
        self._tokens += tokens
        if self._clock() - self._written >= WRITE_INTERVAL_S:
            self._write()

    def note(self, text: str) -> None:
        """Say what the stage waits for or does."""
        if text != self._note:
            self._note = text
            self._write()

    def _beat(self) -> None:
        while not self._stop.wait(HEARTBEAT_S):
            self._write()

    def _write(self) -> None:
        with self._lock:
            now = self._clock()
            elapsed, new = now - self._began, self._done - self._before
            rate = new / elapsed if new and elapsed > 0 else None
            progress = StageProgress(
                done=self._done,
                total=self._total,
                rows_per_s=rate,
                tokens_per_s=self._tokens / elapsed if self._tokens and elapsed > 0 else None,
                eta_s=(self._total - self._done) / rate if rate else None,
                note=self._note,
                heartbeat=now,
                elapsed_s=elapsed,
                finished=self._finished,
            )
            write_text(self._path, progress.model_dump_json())
            self._written = now
