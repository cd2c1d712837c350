"""Sentences for errors of the system and of libraries, where one reaches an outermost border.

An error that this program raises on purpose is a sentence already. What else reaches the border of
a command, the app or a worker is told here: what happened, to which file, and the way out.
"""

import errno
import os
import re
from typing import Final

from engine.errors import EngineError

# polars, safetensors and others raise errors of the system without their number, as text.
_NUMBER: Final = re.compile(r"\(os error (\d+)\)|\[Errno (\d+)\]")

_NO_ROOM = "There is no space left on the disk{of}. Make room, then try again."
_NO_LOCKS = (
    "The file system{of} has no locks, so two processes could write the same file. Use a folder "
    "on a local disk."
)
_TOO_MANY_FILES = "Too many files are open{at}. Raise the limit with `ulimit -n 4096`."
_SENTENCES: Final = {
    errno.ENOSPC: _NO_ROOM,
    errno.EDQUOT: "Your quota on the disk{of} is used up. Make room, then try again.",
    errno.EROFS: "The file system{of} is read-only. Use a folder that can be written.",
    errno.EACCES: "You may not use {path}{owner}. Change its permissions, or name another.",
    errno.EPERM: "You may not change {path}{owner}. Change its permissions, or name another.",
    errno.ENOENT: "{path} does not exist. Check the path.",
    errno.ENOTDIR: "{path} cannot be used: it, or a part of its path, is a file and not a folder.",
    errno.EISDIR: "{path} is a folder, and a file is needed.",
    errno.EEXIST: "{path} exists already, as something else. Remove it, or name another.",
    errno.ENOTEMPTY: "{path} is not empty. Name another.",
    errno.ENAMETOOLONG: "The name {path} is too long for its file system. Name a shorter one.",
    errno.ELOOP: "{path} is a symbolic link that leads back to itself. Remove it.",
    errno.EMFILE: _TOO_MANY_FILES,
    errno.ENFILE: _TOO_MANY_FILES,
    errno.ENOMEM: "The machine is out of memory. End other programs, then try again.",
    errno.EIO: "The disk{of} reports an error. Check the disk, then try again.",
    errno.ESTALE: "The network file system{of} was lost. Mount it again, then try again.",
    errno.ENOLCK: _NO_LOCKS,
    errno.EOPNOTSUPP: _NO_LOCKS,
}  # fmt: skip


def explain(error: BaseException) -> str:
    """In a sentence or two what happened, to what, and what to do next."""
    if isinstance(error, MemoryError):
        return _SENTENCES[errno.ENOMEM]
    number = system_error_number(error)
    if number is not None:
        return _explain_number(number, error)
    if isinstance(error, UnicodeDecodeError):
        return f"Text is not valid UTF-8: {error.reason} at byte {error.start}. Save it as UTF-8."
    if isinstance(error, UnicodeEncodeError):
        return (
            f"{error.object[error.start : error.end]!r} cannot be written as {error.encoding}, "
            "as it is in names that are not UTF-8. Rename the file or folder."
        )
    return f"This should not happen: {type(error).__name__}: {error}"


def explain_in_job(error: BaseException) -> str:
    """What ended a stage; the traceback of what nobody foresaw is in the job's log."""
    if isinstance(error, EngineError):
        return str(error)
    return f"{explain(error)} The job's log has the traceback."


def is_disk_full(error: BaseException) -> bool:
    """Whether an error says that nothing more can be written for lack of room."""
    return system_error_number(error) in (errno.ENOSPC, errno.EDQUOT)


def system_error_number(error: BaseException) -> int | None:
    """The errno of an error of the system, also of one that a library raised as text."""
    if isinstance(error, OSError) and error.errno is not None:
        return error.errno
    if found := _NUMBER.search(str(error)):
        return int(found[1] or found[2])
    return errno.ENOSPC if os.strerror(errno.ENOSPC) in str(error) else None


def _is_current_folder_gone() -> bool:
    try:
        os.getcwd()
    except FileNotFoundError:
        return True
    return False


def _explain_number(number: int, error: BaseException) -> str:
    name = getattr(error, "filename", None)
    sentence = _SENTENCES.get(number)
    if number == errno.ENOENT and name is None and _is_current_folder_gone():
        return "The current folder does not exist any more. Change to one that does."
    if sentence is None or (name is None and "{path}" in sentence):
        return f"The system refused: {error}."
    path = os.fsdecode(name) if isinstance(name, str | bytes) else ""
    return sentence.format(
        path=path,
        of=f" of {path}" if path else "",
        at=f" at {path}" if path else "",
        owner=_owner(path),
    )


def _owner(path: str) -> str:
    """Whose a file is, where that is somebody else; for a missing one, whose its folder."""
    for place in (path, os.path.dirname(path) or "."):
        try:
            owner = os.stat(place).st_uid
        except OSError:
            continue
        return "" if owner == os.geteuid() else f", which belongs to user {owner}"
    return ""
