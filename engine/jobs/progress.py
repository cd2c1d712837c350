"""How a running stage reports its progress: progress.json, replaced atomically.

A thread renews the heartbeat, so that a long batch is not taken for a dead process.
"""

import contextlib
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from engine.jobs.job import StageProgress
from engine.jobs.parts import write_text
from engine.jobs.tally import Tally

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
        self._waiting = self._finished = False
        self._tally = Tally()
        self._unsent = ""

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
        self._waiting = False
        self._note = "" if kind is None else self._note
        write_text(self._path, self._shown().model_dump_json())

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
        """Note what the stage does; an empty text clears it."""
        self._say(text, waiting=False)

    def wait(self, reason: str) -> None:
        """Note what the stage waits for; an empty text ends the wait."""
        self._say(reason, waiting=bool(reason))

    def tell_unsent(self, parameters: str) -> None:
        """Name the parameters of the sampling that a server did not get; "" if it got all."""
        self._unsent = parameters

    def count(self, tally: Tally) -> None:
        """Report how the rows came out that are there so far."""
        self._tally = tally
        self._write()

    def _say(self, text: str, *, waiting: bool) -> None:
        if (text, waiting) != (self._note, self._waiting):
            self._note, self._waiting = text, waiting
            self._write()

    def _beat(self) -> None:
        while not self._stop.wait(HEARTBEAT_S):
            self._write()

    def _write(self) -> None:
        """Write how far the stage is; on a full disk, that is no reason to lose a row."""
        with self._lock, contextlib.suppress(OSError):
            write_text(self._path, self._shown().model_dump_json())
            self._written = self._clock()

    def _shown(self) -> StageProgress:
        now = self._clock()
        elapsed, new = now - self._began, self._done - self._before
        rate = new / elapsed if new and elapsed > 0 else None
        return StageProgress(
            done=self._done,
            total=self._total,
            rows_per_s=rate,
            tokens_per_s=self._tokens / elapsed if self._tokens and elapsed > 0 else None,
            eta_s=(self._total - self._done) / rate if rate else None,
            note=self._note,
            waiting=self._waiting,
            rows=self._tally.rows,
            failed=self._tally.failed,
            lost=self._tally.lost,
            reasons=self._tally.commonest(),
            unsent=self._unsent,
            heartbeat=now,
            elapsed_s=elapsed,
            finished=self._finished,
        )
