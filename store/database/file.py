"""The DuckDB file of a workspace: opening, reading, and writing in transactions.

Reads may come from any thread, each on a cursor of its own. Writes are serialised by a lock
and are either whole or not there. Times are kept in UTC, without a zone: DuckDB gives zoned ones
back only where pytz is installed.
"""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Final

import duckdb

from store.database.changes import Changes
from store.database.cursor import Cursor
from store.database.faults import told_faults, told_opening
from store.database.memory import MemoryLimit
from store.database.migrations import migrate
from store.database.turns import Turns
from store.errors import OutOfMemory, RowKnown

DATABASE_NAME: Final = "backquery.duckdb"
APP_THREADS: Final = 1  # of DuckDB; a second one slows drawing on few cores


class DatabaseFile:
    """An open database; with `is_modest`, DuckDB takes no more memory and threads than it needs."""

    def __init__(self, workspace: Path, *, is_modest: bool) -> None:
        self._path = workspace / DATABASE_NAME
        self._memory: MemoryLimit | None = None
        self.is_modest = is_modest
        self.changes = Changes()
        self.intake = threading.Lock()
        with told_opening(self._path), ExitStack() as unless_open:
            self._connection = duckdb.connect(self._path)
            unless_open.callback(self._connection.close)
            self._prepare()
            self._open = unless_open.pop_all()
        self._turns = Turns()

    def _prepare(self) -> None:
        self._connection.execute("SET GLOBAL TimeZone = 'UTC'").complete()
        if self.is_modest:
            self._connection.execute(f"SET GLOBAL threads = {APP_THREADS}").complete()
            self.save_memory()
        migrate(self._connection)

    def save_memory(self) -> None:
        """Take no more memory from now on than statements turn out to need."""
        if self._memory is None:
            self._memory = MemoryLimit(self._connection)

    @contextmanager
    def read(self) -> Iterator[Cursor]:
        """Give a cursor that sees what is committed. Raises DatabaseFailed."""
        with (
            told_faults(self._path),
            closing(Cursor(self._connection.cursor(), self._memory)) as cursor,
        ):
            yield cursor

    @contextmanager
    def write(self, *, is_patient: bool, made: Changes) -> Iterator[Cursor]:
        """Give a cursor in a transaction, as `Database.write` says; `made` is for `changes`."""
        with told_faults(self._path), self._turns.taken(is_patient):
            with self._transaction() as cursor:
                yield cursor
            self.changes = self.changes.plus(made)  # committed: who sees it finds the rows

    @contextmanager
    def _transaction(self) -> Iterator[Cursor]:
        cursor = Cursor(self._connection.cursor(), None)  # a transaction is over after an error
        try:
            with closing(cursor):
                cursor.execute("BEGIN")
                with ExitStack() as unless_whole:
                    unless_whole.callback(cursor.execute, "ROLLBACK")
                    yield cursor
                    unless_whole.pop_all()
                cursor.execute("COMMIT")
        except duckdb.ConstraintException as error:
            raise RowKnown(str(error)) from error
        except duckdb.OutOfMemoryException as error:
            if not self._has_grown():
                raise
            raise OutOfMemory("The database needs more memory. Try again.") from error

    def _has_grown(self) -> bool:
        return self._memory is not None and self._memory.grow()

    def close(self) -> None:
        """Close the file."""
        self._open.close()
