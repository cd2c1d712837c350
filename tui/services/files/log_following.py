"""Takes a log in while it is written, also when rotation puts a new file in its place.

The file stays open, so that what was written last before a rotation is not lost. The database is
asked for only while something new comes in: the app may own it meanwhile.
"""

import io
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, Final, cast

from store.reading.inputs import Held, Input, cannot_read
from store.reading.logs.guardrails_ai import is_sqlite
from store.reading.logs.sources import open_log
from tui.services.files.log_intake import LogIntake
from tui.services.files.log_options import LogOptions
from tui.services.files.logs import LogReport, report_on
from tui.services.files.rejects_path import RejectsFile
from tui.services.workspace import Workspace

LOOK_AFTER_S: Final = 1.0
_HEAD_BYTES: Final = 1 << 16

Seen = tuple[tuple[int, int, int] | None, ...]  # of files: which each is, size, last write


class FollowedLog:
    """A log that is looked at again and again.

    `reports` are of the files that have been in its place, the one that is there now last.
    """

    def __init__(self, workspace: Workspace, path: Path, options: LogOptions) -> None:
        self.path = path
        self._workspace, self._options = workspace, options
        self._rejects = RejectsFile(workspace, options.dataset)
        self._ended: list[LogReport] = []
        self._intake: LogIntake | None = None
        self._file: BinaryIO | None = None
        self._seen: Seen | None = None

    @property
    def reports(self) -> Sequence[LogReport]:
        """What became of each file."""
        now = [report_on(self._intake)] if self._intake is not None else []
        return [*self._ended, *now]

    def look(self) -> bool:
        """Take in what was written since; whether that was anything.

        Raises ImportRefused for a log of no known layout, and where it cannot be read.
        """
        seen = _seen(self.path)
        if seen == self._seen or seen[0] is None:
            return False  # a file that is gone is about to be replaced
        self._seen = seen
        found = self._take_in(is_ended=self._was_replaced())
        if self._was_replaced():
            self._leave()
            found = self._take_in() or found
        return found

    def _was_replaced(self) -> bool:
        """Whether another file has the name now."""
        if self._file is None:
            return False
        held, now = os.fstat(self._file.fileno()), _seen(self.path)[0]
        return now is not None and now[0] != held.st_ino

    def _take_in(self, *, is_ended: bool = False) -> bool:
        if self._intake is not None and not self._intake.is_same:
            self._leave()  # it was cut short, and is written from its start again
        if self._file is None:
            self._file = _open(self.path)
        if self._intake is None and not _has_row(self._file):
            return False
        with self._workspace.database() as database:
            if self._intake is None:
                log = open_log(_as_input(self.path, self._file))
                self._intake = LogIntake(
                    self._workspace, database, log, self._options, self._rejects
                )
                self._options = replace(self._options, layout=self._intake.layout)
            return self._intake.take_in(database, is_ended=is_ended)

    def _leave(self) -> None:
        """Leave a file that is not written any more."""
        self._ended = list(self.reports)
        self._intake = None
        self.close()

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
            self._file = None


def _seen(path: Path) -> Seen:
    """What shows that a file was written to; SQLite writes into one beside it first."""
    return _stat(path), _stat(path.with_name(f"{path.name}-wal"))


def _stat(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def _open(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise cannot_read(path, error) from error


def _has_row(file: BinaryIO) -> bool:
    """Whether a file has a line that ended; SQLite's has from its start."""
    head = os.pread(file.fileno(), _HEAD_BYTES, 0)
    return b"\n" in head or len(head) == _HEAD_BYTES or is_sqlite(head)


def _as_input(path: Path, file: BinaryIO) -> Input:
    """An open file as an input that stays the same file whatever happens to its name."""
    if is_sqlite(os.pread(file.fileno(), _HEAD_BYTES, 0)):
        return path
    descriptor = file.fileno()

    def reopened() -> BinaryIO:
        return cast(BinaryIO, io.BufferedReader(_Reading(descriptor), _HEAD_BYTES))

    return Held(path.name, str(path), reopened)


class _Reading(io.RawIOBase):
    """An open file from its start, with a position of its own."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor, self._at = descriptor, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        before = {io.SEEK_SET: 0, io.SEEK_CUR: self._at}.get(whence)
        self._at = offset + (os.fstat(self._descriptor).st_size if before is None else before)
        return self._at

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        found = os.pread(self._descriptor, len(buffer), self._at)
        buffer[: len(found)] = found
        self._at += len(found)
        return len(found)
