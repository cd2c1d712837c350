"""How much memory DuckDB may take: little at first, more as statements turn out to need it.

Indexes stay in memory once they have been used, about 68 bytes a row and key, so no fixed limit
fits every workspace; without one, DuckDB fills most of the machine's memory with what it has read.
"""

import threading
from typing import Final

import duckdb

LIMITS_MIB: Final = (256, 384, 512, 768, 1024, 2048, 4096, 8192)


class MemoryLimit:
    """A limit that grows step by step, up to DuckDB's own; for any thread."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._lock = threading.Lock()
        self._left = [f"SET GLOBAL memory_limit = '{limit} MiB'" for limit in LIMITS_MIB]
        self._left.append("RESET GLOBAL memory_limit")
        self.grow()

    def grow(self) -> bool:
        """Go to the next limit; return whether there was one."""
        with self._lock:
            if not self._left:
                return False
            self._connection.cursor().execute(self._left.pop(0)).complete()
            return True
