"""Rows as a stream of Arrow, which DuckDB and polars hand each other without pyarrow.

A module of its own because polars remembers the classes that it has been given: through one that
knows of DuckDB it would hold on to that as well, and DuckDB complains of it when the process ends.
"""

from typing import Protocol


class Streamable(Protocol):
    """A frame of polars, or a result of DuckDB."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object: ...


class Stream:
    """A frame or a result as its stream and nothing else, so that it is taken as one."""

    def __init__(self, source: Streamable) -> None:
        self._source = source

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._source.__arrow_c_stream__(requested_schema)
