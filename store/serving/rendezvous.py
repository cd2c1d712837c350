"""Where the owner of a workspace can be reached: a Unix socket in a folder that is private.

The lock beside the database names the socket, so that a client finds it whatever its own
environment says. The socket is removed by its owner; one that a killed owner left answers nobody,
and is replaced by the next, who has the lock.
"""

import hashlib
import os
import socket
import stat
import struct
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from store.errors import Unreachable

LONGEST_ADDRESS: Final = 100  # bytes; systems end between 104 and 108
FOLDER_NAME: Final = "backquery"
WAITING: Final = 64  # connections that nobody has taken up yet
_CREDENTIALS: Final = struct.Struct("3i")  # process, user, group


def listen(
    workspace: Path, environment: Mapping[str, str] = os.environ
) -> tuple[socket.socket, Path]:
    """A socket on which the owner of a workspace can be reached, and its address.

    Raises Unreachable where no folder is private enough.
    """
    address = _address(workspace, environment)
    address.unlink(missing_ok=True)  # of an owner that was killed: whoever calls has the lock
    found = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        found.bind(str(address))
        address.chmod(0o600)
        found.listen(WAITING)
    except OSError as error:
        found.close()
        raise Unreachable(f"No socket can be made at {address}: {error.strerror}.") from error
    return found, address


def connect(address: Path, timeout_s: float) -> socket.socket:
    """A connection to an owner of the same user.

    Raises Unreachable, and OSError if nobody listens.
    """
    _require_private(address.parent)
    with ExitStack() as unless_reached:
        found = unless_reached.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
        found.settimeout(timeout_s)
        found.connect(str(address))
        require_same_user(found)
        unless_reached.pop_all()
    return found


def require_same_user(connection: socket.socket) -> None:
    """Raise Unreachable if another user is at the other end."""
    user = peer_user(connection)
    if user != os.geteuid():
        raise Unreachable(f"A workspace is shared with no other user: user {user} was refused.")


def peer_user(connection: socket.socket) -> int:
    """The user at the other end, as the system knows it; where it does not say, the folder does."""
    if not hasattr(socket, "SO_PEERCRED"):
        return os.geteuid()
    raw = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    return int(_CREDENTIALS.unpack(raw)[1])


def _address(workspace: Path, environment: Mapping[str, str]) -> Path:
    """Where the socket of a workspace belongs, in a folder that was made if it was not there."""
    name = hashlib.sha256(os.fsencode(workspace.resolve())).hexdigest()[:16] + ".sock"
    problems = []
    for folder in _folders(environment):
        address = folder / name
        if len(os.fsencode(address)) > LONGEST_ADDRESS:
            problems.append(f"{folder} is too long a path")
            continue
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            _require_private(folder)
        except (OSError, Unreachable) as error:
            problems.append(str(error))
            continue
        return address
    raise Unreachable(f"No folder can hold a private socket: {'; '.join(problems)}.")


def _folders(environment: Mapping[str, str]) -> Iterator[Path]:
    runtime = environment.get("XDG_RUNTIME_DIR", "")
    if os.path.isabs(runtime):
        yield Path(runtime) / FOLDER_NAME
    for temporary in (tempfile.gettempdir(), "/tmp"):
        yield Path(temporary) / f"{FOLDER_NAME}-{os.geteuid()}"


def _require_private(folder: Path) -> None:
    """Raise Unreachable unless a folder is one, ours, and closed to everybody else."""
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        raise Unreachable(f"{folder} is not a folder")
    if found.st_uid != os.geteuid():
        raise Unreachable(f"{folder} belongs to another user")
    if stat.S_IMODE(found.st_mode) & 0o077:
        raise Unreachable(f"{folder} is open to other users (chmod 700 closes it)")
