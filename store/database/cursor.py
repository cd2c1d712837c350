"""A cursor of DuckDB, with the few ways in which the store asks and tells.

Frames go in and come out as Arrow streams, for which neither side needs pyarrow; polars is imported
with the first of them, after a screen's first clusters. DuckDB is imported by who opens the file:
a command beside the app needs none.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from store.database.stream import Stream
from store.errors import StoreError

if TYPE_CHECKING:
    import duckdb
    import polars as pl

    from store.database.memory import MemoryLimit

T = TypeVar("T")

Value = str | int | float | bool | None | datetime | Sequence[str] | Sequence[int]


class Cursor:
    """One DuckDB cursor, with the few ways in which the store asks and tells."""

    def __init__(self, raw: "duckdb.DuckDBPyConnection", memory: "MemoryLimit | None") -> None:
        self._raw = raw
        self._memory = memory

    def execute(self, sql: str, values: Sequence[Value] = ()) -> None:
        """Run a statement and drop its result."""
        self._raw.execute(sql, list(values)).complete()

    def frame(self, sql: str, values: Sequence[Value] = ()) -> "pl.DataFrame":
        """The result as a polars frame."""
        import duckdb
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
        import duckdb

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
