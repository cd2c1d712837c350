"""How a running stage reports its progress: progress.json and newest.json, replaced atomically.

A thread writes them, so that what is counted waits for no disk, and renews the heartbeat, so that
a long batch is not taken for a dead process.
"""

import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from engine.jobs.newest import MOST_TEXTS, NewText, write_newest
from engine.jobs.parts import write_text
from engine.jobs.reckoning import Reckoning
from engine.jobs.records import StageProgress
from engine.jobs.tally import Tally
from engine.jobs.work import Work

HEARTBEAT_S = 2.0
WRITE_INTERVAL_S = 0.5


class ProgressFile:
    """The Progress of a stage, kept in its folder while a `with` block lasts.

    `device` names what it computes on.
    """

    def __init__(
        self, stage_dir: Path, clock: Callable[[], float] = time.time, *, device: str = ""
    ) -> None:
        self._stage_dir = stage_dir
        self._device = device
        self._clock = clock
        self._counting, self._writing = threading.Lock(), threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)
        self._reckoning = Reckoning(clock())
        self._newest: deque[NewText] = deque(maxlen=MOST_TEXTS)
        self._tally = Tally()
        self._note = self._unsent = ""
        self._waiting = self._finished = False
        self._has_changed = self._has_new_texts = False
        self._written = 0.0

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
        with contextlib.suppress(OSError):
            self._write_texts()
        self._write_progress()

    def start(self, total: int, done: int = 0) -> None:
        """Set the number of rows in all, and of those already there; the rates begin here."""
        with self._counting:
            self._reckoning.start(self._clock(), total, done)
        self._write()

    def expect(self, texts: int, most_tokens: int, at_once: int) -> None:
        """Say of how many texts a row is made, how long they may get, how many go on at once."""
        with self._counted() as work:
            work.texts_per_row, work.most_tokens, work.at_once = texts, most_tokens, at_once

    def decoded(self, tokens: int) -> None:
        """Count new tokens, as they come."""
        with self._counted() as work:
            work.decode(tokens)

    def wrote(self, text: NewText) -> None:
        """Count a text that has ended, whose tokens were counted, and show it."""
        with self._counted() as work:
            work.end_text(text.new_tokens)
            self._newest.appendleft(text)
            self._has_new_texts = True

    def computed(self, rows: int) -> None:
        """Count rows that will be in the next part."""
        with self._counted() as work:
            work.ahead += rows

    def dropped(self) -> None:
        """Forget what is in no part: it is computed again."""
        with self._counted() as work:
            work.drop()

    def advance(self, rows: int) -> None:
        """Count rows that are in a part now."""
        with self._counted() as work:
            work.advance(rows)

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

    @contextmanager
    def _counted(self) -> Iterator[Work]:
        """The work, for something to be counted; the thread writes it soon."""
        with self._counting:
            yield self._reckoning.work
            self._reckoning.see(self._clock())
            self._has_changed = True

    def _say(self, text: str, *, waiting: bool) -> None:
        if (text, waiting) == (self._note, self._waiting):
            return
        with self._counting:
            self._note, self._waiting = text, waiting
            if waiting:
                self._reckoning.wait(self._clock())
            else:
                self._reckoning.go_on(self._clock())
        self._write()

    def _beat(self) -> None:
        while not self._stop.wait(WRITE_INTERVAL_S):
            if self._has_changed or self._clock() - self._written >= HEARTBEAT_S:
                self._write()

    def _write(self) -> None:
        """Write how far the stage is; on a full disk, that is no reason to lose a row."""
        with self._writing, contextlib.suppress(OSError):
            self._write_progress()
            self._write_texts()

    def _write_progress(self) -> None:
        with self._counting:
            shown, self._has_changed = self._shown(), False
        write_text(self._stage_dir / "progress.json", shown.model_dump_json())
        self._written = shown.heartbeat

    def _write_texts(self) -> None:
        with self._counting:
            texts = tuple(self._newest) if self._has_new_texts else ()
            self._has_new_texts = False
        if texts:
            write_newest(self._stage_dir, texts)

    def _shown(self) -> StageProgress:
        now, work = self._clock(), self._reckoning.work
        reckoned = (self._reckoning.conclude if self._finished else self._reckoning.reckon)(now)
        return StageProgress(
            done=work.done,
            written=work.written,
            total=work.total,
            share=1.0 if self._finished else work.share,
            rows_per_s=reckoned.rows_per_s,
            tokens_per_s=reckoned.tokens_per_s,
            eta_s=reckoned.eta_s,
            note=self._note,
            waiting=self._waiting,
            rows=self._tally.rows,
            failed=self._tally.failed,
            lost=self._tally.lost,
            reasons=self._tally.commonest(),
            unsent=self._unsent,
            device=self._device,
            heartbeat=now,
            elapsed_s=reckoned.elapsed_s,
            finished=self._finished,
        )
