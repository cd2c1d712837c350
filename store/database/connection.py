"""The DuckDB file of a workspace: opening, reading, and writing in transactions.

Reads may come from any thread, each on a cursor of its own. Writes are serialised by a lock
and are either whole or not there. Times are kept in UTC, without a zone: DuckDB gives zoned ones
back only where pytz is installed. Frames go in and come out as Arrow streams, for which neither
side needs pyarrow; polars is imported with the first of them, after a screen's first clusters.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import duckdb

from store.database.faults import told_faults, told_opening
from store.database.memory import MemoryLimit
from store.database.migrations import migrate
from store.database.owner import COMMAND_PATIENCE_S, Ownership
from store.database.stream import Stream
from store.database.turns import Turns
from store.errors import OutOfMemory, RowKnown, SchemaMismatch, StoreError

if TYPE_CHECKING:
    import polars as pl

T = TypeVar("T")

DATABASE_NAME = "backquery.duckdb"
APP_THREADS = 1  # of DuckDB; a second one slows drawing on few cores

Value = str | int | float | bool | None | datetime | Sequence[str]


class Cursor:
    """One DuckDB cursor, with the few ways in which the store asks and tells."""

    def __init__(self, raw: duckdb.DuckDBPyConnection, memory: MemoryLimit | None) -> None:
        self._raw = raw
        self._memory = memory

    def execute(self, sql: str, values: Sequence[Value] = ()) -> None:
        """Run a statement and drop its result."""
        self._raw.execute(sql, list(values)).complete()

    def frame(self, sql: str, values: Sequence[Value] = ()) -> "pl.DataFrame":
        """The result as a polars frame."""
        import polars as pl

        def read() -> "pl.DataFrame":
            try:
                return pl.DataFrame(Stream(self._raw.sql(sql, params=list(values))))
            except pl.exceptions.ComputeError as error:  # of DuckDB, while polars reads
                if "Out of Memory Error" in str(error):
                    raise duckdb.OutOfMemoryException(str(error)) from error
                raise

        return self._ask(read)

    def rows(self, sql: str, values: Sequence[Value] = ()) -> list[tuple[Any, ...]]:
        """The result as tuples."""
        return self._ask(lambda: self._raw.execute(sql, list(values)).fetchall())

    def _ask(self, call: Callable[[], T]) -> T:
        """Ask again with more memory if it was too little; a transaction ends with that."""
        while True:
            try:
                return call()
            except duckdb.OutOfMemoryException:
                if self._memory is None or not self._memory.grow():
                    raise

    def one(self, sql: str, values: Sequence[Value] = ()) -> tuple[Any, ...]:
        """The first row; the caller knows that there is one."""
        rows = self.rows(sql, values)
        if not rows:
            raise StoreError(f"No row came back from: {sql}")
        return rows[0]

    def number(self, sql: str, values: Sequence[Value] = ()) -> int:
        """The single whole number of a counting query."""
        return int(self.one(sql, values)[0])

    def insert(self, table: str, frame: "pl.DataFrame") -> None:
        """Insert the rows of a frame by column name."""
        with self.view("incoming_frame", frame):
            self.execute(f"INSERT INTO {table} BY NAME SELECT * FROM incoming_frame")

    def insert_new(self, table: str, frame: "pl.DataFrame") -> None:
        """Insert rows by column name; one whose primary key is there already is left out."""
        with self.view("incoming_frame", frame):
            self.execute(f"INSERT OR IGNORE INTO {table} BY NAME SELECT * FROM incoming_frame")

    @contextmanager
    def view(self, name: str, frame: "pl.DataFrame") -> Iterator[None]:
        """Make a frame readable by SQL under a name for a while.

        After an error it stays: its transaction can only be rolled back, and the cursor goes.
        """
        import polars as pl

        # DuckDB refuses columns that know of no type.
        self._raw.register(name, Stream(frame.cast({pl.Null: pl.String})))
        yield
        self._raw.unregister(name)

    def close(self) -> None:
        """Give the cursor back."""
        self._raw.close()


class Database:
    """An open workspace database, owned by this process until it is closed.

    `ownership` is one that was taken before; closing gives it back too. With `is_modest`, DuckDB
    takes no more memory and threads than it needs, else most of the machine's.
    """

    def __init__(
        self,
        workspace: Path,
        *,
        role: str = "a command",
        patience_s: float = COMMAND_PATIENCE_S,
        ownership: Ownership | None = None,
        is_modest: bool = False,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.workspace = workspace
        self.now = clock
        self._memory: MemoryLimit | None = None
        self._ownership = ownership or Ownership(workspace, role, patience_s)
        self._path = workspace / DATABASE_NAME
        with ExitStack() as unless_open:
            unless_open.callback(self._ownership.release)
            with told_opening(self._path):
                self._connection = duckdb.connect(self._path)
                unless_open.callback(self._connection.close)
                self._prepare(is_modest)
            self._held = unless_open.pop_all()
        self._turns = Turns()

    def _prepare(self, is_modest: bool) -> None:
        self._connection.execute("SET GLOBAL TimeZone = 'UTC'").complete()
        if is_modest:
            self._connection.execute(f"SET GLOBAL threads = {APP_THREADS}").complete()
            self._memory = MemoryLimit(self._connection)
        migrate(self._connection)

    @contextmanager
    def read(self) -> Iterator[Cursor]:
        """Give a cursor that sees what is committed. Raises DatabaseFailed."""
        with (
            told_faults(self._path),
            closing(Cursor(self._connection.cursor(), self._memory)) as cursor,
        ):
            yield cursor

    @contextmanager
    def write(self, *, is_patient: bool = False) -> Iterator[Cursor]:
        """Give a cursor in a transaction: committed on leaving, rolled back on an error.

        A patient writer lets all others go first: many rows go in by small patient transactions,
        so that no key press waits for more than one of them. Raises RowKnown, OutOfMemory if it
        can be tried again, and DatabaseFailed.
        """
        with told_faults(self._path), self._transaction(is_patient) as cursor:
            yield cursor

    @contextmanager
    def _transaction(self, is_patient: bool) -> Iterator[Cursor]:
        cursor = Cursor(self._connection.cursor(), None)  # a transaction is over after an error
        try:
            with self._turns.taken(is_patient), closing(cursor):
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
        """Close the file and let other processes have it."""
        self._held.close()

    def __enter__(self) -> "Database":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def check_columns(
    frame: "pl.DataFrame", schema: "Mapping[str, pl.DataType]", what: str
) -> "pl.DataFrame":
    """The frame if it has the schema's columns and types, in any order.

    DuckDB's INSERT BY NAME fills a missing column with NULL without a word, so this comes first.
    """
    if dict(frame.schema) != dict(schema):
        raise SchemaMismatch(f"{what} has {dict(frame.schema)}, but {dict(schema)} is needed.")
    return frame
