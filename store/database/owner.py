"""Who owns a workspace: the lock beside the database, and the words for one that is held.

DuckDB lets one process open the file. The lock is taken before DuckDB's own so that a refused
process can be told who holds the workspace; it names the host and the process. Commands hold
the workspace for short transactions only, so a newcomer waits a moment before it gives up.
"""

import contextlib
import errno
import fcntl
import json
import os
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from store.errors import StoreError, WorkspaceClosed, WorkspaceHeld

LOCK_NAME = "owner.lock"
COMMAND_PATIENCE_S = 5.0
RETRY_S = 0.05
_NO_LOCKS: Final = (errno.EOPNOTSUPP, errno.ENOLCK, errno.ENOSYS)


class Ownership:
    """An exclusive lock on a workspace, held until `release`.

    `role` is how others will be told of this process, such as "the app". `patience_s` is how
    long to wait for a holder that may be about to let go.
    """

    def __init__(self, workspace: Path, role: str, patience_s: float) -> None:
        self._path = workspace / LOCK_NAME
        try:
            self._file = open(self._path, "a+b", buffering=0)  # noqa: SIM115 (held while we own)
        except OSError as error:
            raise self._closed(error) from error
        try:
            wait_until(self._try_lock, patience_s, self._refusal)
        except StoreError:
            self._file.close()
            raise
        self._name_holder({"pid": os.getpid(), "host": socket.gethostname(), "role": role})

    def release(self) -> None:
        """Let go of the workspace; where that was done, nothing happens."""
        if not self._file.closed:
            self._name_holder(None)
            self._file.close()

    def _name_holder(self, holder: dict[str, Any] | None) -> None:
        """Say in the file who holds the lock, for others; on a full disk it says nothing."""
        with contextlib.suppress(OSError):
            self._file.truncate(0)
            if holder is not None:
                self._file.write(json.dumps(holder).encode())

    def __enter__(self) -> "Ownership":
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

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

    def _refusal(self) -> WorkspaceHeld:
        holder = read_holder(self._path)
        who = holder.get("role", "another process")
        where = f" (process {holder['pid']} on {holder['host']})" if "pid" in holder else ""
        return WorkspaceHeld(
            f"{self._path.parent} is open in {who}{where}. DuckDB lets one process at a time "
            "open a workspace: close it there, then run this again."
        )


def read_holder(path: Path) -> dict[str, Any]:
    """What the lock file says of its holder; empty if it says nothing readable."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def wait_until(
    ready: Callable[[], bool], patience_s: float, refusal: Callable[[], WorkspaceHeld]
) -> None:
    """Poll `ready` until it is true; raise the refusal once the patience is over."""
    deadline = time.monotonic() + patience_s
    while not ready():
        if time.monotonic() >= deadline:
            raise refusal()
        time.sleep(RETRY_S)
