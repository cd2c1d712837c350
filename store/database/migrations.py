"""Brings a database to the newest version of its tables.

The scripts lie in `scripts/`, in their order. Add one at the end; never change one that was
released. Each runs in a transaction of its own together with the version it leads to.
"""

from importlib.resources import files

import duckdb

from store.errors import StoreError


def read_scripts() -> tuple[str, ...]:
    """The SQL of all scripts, the oldest first."""
    paths = (path for path in (files("store") / "scripts").iterdir() if path.name.endswith(".sql"))
    return tuple(path.read_text("utf-8") for path in sorted(paths, key=lambda path: path.name))


def migrate(connection: duckdb.DuckDBPyConnection) -> None:
    """Bring a database to the newest version; a database from a newer program is refused."""
    scripts = read_scripts()
    connection.execute("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)")
    row = connection.execute("SELECT coalesce(max(version), 0) FROM schema_version").fetchone()
    version = int(row[0]) if row else 0
    if version > len(scripts):
        raise StoreError(
            f"This workspace was written by a newer Backquery (its version is {version}, "
            f"this program knows {len(scripts)}). Update Backquery to open it."
        )
    for number, script in enumerate(scripts[version:], start=version + 1):
        connection.execute("BEGIN")
        try:
            connection.execute(script)
            connection.execute("INSERT INTO schema_version VALUES (?)", [number])
        except duckdb.Error:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")
