"""Who owns a workspace: the lock beside the database, and the words for one that is held.

DuckDB lets one process open the file. The lock is taken before DuckDB's own, and says who holds it
and on which socket it can be reached.
"""

import contextlib
import errno
import fcntl
import json
import os
import socket
import sys
import time
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from store.errors import StoreError, WorkspaceClosed, WorkspaceHeld

APP: Final = "the app"  # the role of one that somebody labels in
LOCK_NAME: Final = "owner.lock"
COMMAND_PATIENCE_S: Final = 15.0  # while the owner opens or closes a large database
RETRY_S: Final = 0.05
_NO_LOCKS: Final = (errno.EOPNOTSUPP, errno.ENOLCK, errno.ENOSYS)


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that holds a workspace. `role` is what others are told that it is.

    `since` is its local time in ISO form, `terminal` the device that it was started at, and
    `socket` where it can be reached; "" and None while it cannot.
    """

    pid: int
    host: str
    role: str
    since: str
    terminal: str | None
    socket: str | None = None


class Ownership:
    """An exclusive lock on a workspace, held until `release`.

    `role` is how others will be told of this process, such as "the app". `patience_s` is how
    long to wait for a holder that may be about to let go. Raises WorkspaceHeld and WorkspaceClosed.
    """

    def __init__(self, workspace: Path, role: str, patience_s: float) -> None:
        self._path = workspace / LOCK_NAME
        try:
            self._file = open(self._path, "a+b", buffering=0)  # noqa: SIM115 (held while we own)
        except OSError as error:
            raise self._closed(error) from error
        try:
            self._wait(patience_s)
        except StoreError:
            self._file.close()
            raise
        now = datetime.now().astimezone().isoformat(timespec="seconds")
        self._holder = Holder(os.getpid(), socket.gethostname(), role, now, _terminal())
        self._write(self._holder)

    def tell(self, address: Path) -> None:
        """Say where this process can be reached."""
        self._write(replace(self._holder, socket=str(address)))

    def release(self) -> None:
        """Let go of the workspace; where that was done, nothing happens."""
        if not self._file.closed:
            self._write(None)
            self._file.close()

    def _write(self, holder: Holder | None) -> None:
        """Say in the file who holds the lock, for others; on a full disk it says nothing."""
        with contextlib.suppress(OSError):
            self._file.truncate(0)
            if holder is not None:
                self._file.write(json.dumps(asdict(holder)).encode())

    def __enter__(self) -> "Ownership":
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def _wait(self, patience_s: float) -> None:
        deadline = time.monotonic() + patience_s
        while not self._try_lock():
            if time.monotonic() >= deadline:
                raise WorkspaceHeld(_refusal(self._path.parent))
            time.sleep(RETRY_S)

    def _try_lock(self) -> bool:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError as error:
            raise self._closed(error) from error
        return True

    def _closed(self, error: OSError) -> WorkspaceClosed:
        folder, reason = self._path.parent, os.strerror(error.errno or errno.EIO)
        if error.errno in _NO_LOCKS:
            return WorkspaceClosed(
                f"{folder} is on a file system without locks ({reason}), so two processes could "
                "write its database at once. Move the workspace to a local disk."
            )
        return WorkspaceClosed(
            f"{self._path} cannot be written ({reason}), as it has to be even to read the "
            "workspace. Work as its owner, or copy the workspace to where you may write."
        )


def read_holder(workspace: Path) -> Holder | None:
    """What the lock file says of its holder; None if it says nothing readable."""
    try:
        return Holder(**json.loads((workspace / LOCK_NAME).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def is_free(workspace: Path) -> bool:
    """Whether nobody holds a workspace; for a moment, this process does."""
    try:
        Ownership(workspace, "another window", 0).release()
    except WorkspaceHeld:
        return False
    return True


def is_here(holder: Holder) -> bool:
    """Whether a holder runs on this computer."""
    return holder.host == socket.gethostname()


def describe_holder(holder: Holder | None) -> str:
    """A holder, in the middle of a sentence."""
    if holder is None:
        return "another process"
    since = holder.since[:16].replace("T", " ")
    terminal = f", at {holder.terminal}" if holder.terminal else ""
    return f"{holder.role} (process {holder.pid} on {holder.host}, since {since}{terminal})"


def _refusal(workspace: Path) -> str:
    holder = read_holder(workspace)
    opened = f"{workspace} is open in {describe_holder(holder)}"
    if holder is not None and not is_here(holder):
        return (
            f"{opened}, and a workspace is shared only on one computer. Work on {holder.host}, or "
            "close it there, then run this again."
        )
    if holder is not None and holder.socket is None:
        return (
            f"{opened}, which serves no other process (yet). Run this again, or close it there "
            "first."
        )
    return f"{opened}. Close it there, then run this again."


def describe_silence(workspace: Path) -> str:
    """Why a workspace cannot be used whose owner was tried to reach for long."""
    holder = read_holder(workspace)
    if holder is None or holder.socket is None or not is_here(holder):
        return _refusal(workspace)
    return (
        f"{workspace} is open in {describe_holder(holder)}, which does not answer. If it was "
        f"stopped, `kill -CONT {holder.pid}` lets it go on; else end it, then run this again."
    )


def _terminal() -> str | None:
    try:
        return os.ttyname(sys.stderr.fileno())
    except (OSError, ValueError, AttributeError):  # none, or closed
        return None
