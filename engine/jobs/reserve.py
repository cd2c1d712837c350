"""Room on the disk for what must still be written once it is full.

A file beside a stage's parts holds the room. The replies of a server that were on their way, the
job's result and its error take its place when nothing else can be written any more.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

RESERVE_NAME: Final = "reserve"
JOB_RESERVE_BYTES: Final = 65_536  # progress, error and result take less than 10,000
STAGE_RESERVE_BYTES: Final = 262_144  # a batch of 64 replies of 4,000 bytes each


def keep_reserve(folder: Path, size_bytes: int) -> None:
    """Make sure that room is kept in a folder. Raises OSError where the disk has none."""
    path = folder / RESERVE_NAME
    if path.exists():
        return
    try:
        with path.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, size_bytes)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise OSError(error.errno, error.strerror, str(path)) from error


def use_reserve(folder: Path) -> bool:
    """Give the room up, and return whether there was any."""
    path = folder / RESERVE_NAME
    is_kept = path.exists()
    path.unlink(missing_ok=True)
    return is_kept


@contextmanager
def reserved(folder: Path, size_bytes: int) -> Iterator[None]:
    """Keep room in a folder while the block lasts."""
    keep_reserve(folder, size_bytes)
    try:
        yield
    finally:
        use_reserve(folder)
