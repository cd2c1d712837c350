"""DuckDB's errors for which no statement is to blame: a full or lost disk, too little memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from store.errors import DatabaseFailed

_NO_ROOM = ("No space left on device", "Disk quota exceeded", "max_temp_directory_size")


@contextmanager
def told_faults(database: Path) -> Iterator[None]:
    """Raise DatabaseFailed, which says the way out, for what the block's statements met."""
    try:
        yield
    except duckdb.Error as error:
        sentence = _sentence(error, database)
        if sentence is None:
            raise
        raise DatabaseFailed(sentence) from error


@contextmanager
def told_opening(database: Path) -> Iterator[None]:
    """Raise DatabaseFailed for whatever keeps DuckDB from opening a file."""
    try:
        yield
    except duckdb.Error as error:
        sentence = _sentence(error, database) or f"{database} cannot be opened: {error}"
        raise DatabaseFailed(sentence) from error


def _sentence(error: duckdb.Error, database: Path) -> str | None:
    text = str(error)
    if any(words in text for words in _NO_ROOM):
        return (
            f"There is no space left on the disk of {database}, so nothing was changed. "
            "Make room, then try again."
        )
    if isinstance(error, duckdb.OutOfMemoryException):
        return "The database needs more memory than is free. End other programs, then try again."
    if isinstance(error, duckdb.FatalException | duckdb.InternalException):
        return (
            f"{database} closed itself after an error; what was committed is kept. Close this "
            f"program and open the workspace again. DuckDB says: {text}"
        )
    if isinstance(error, duckdb.IOException):
        return f"{database} cannot be read or written: {text}"
    return None
