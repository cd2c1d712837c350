from pathlib import Path

import duckdb
import pytest

from store.database.connection import Database
from store.database.faults import told_faults, told_opening
from store.database.file import DATABASE_NAME
from store.errors import DatabaseFailed

FULL = 'Could not write file "/ws/backquery.duckdb.wal": No space left on device'


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (duckdb.IOException(FULL), "no space left on the disk of /ws/db.*nothing was changed"),
        (duckdb.TransactionException(f"Failed to commit: {FULL}"), "no space left on the disk"),
        (duckdb.OutOfMemoryException("Out of Memory Error: …"), "more memory than is free"),
        (duckdb.FatalException("invalidated"), "/ws/db closed itself.*open the workspace again"),
        (duckdb.IOException("Input/output error"), "/ws/db cannot be read or written"),
    ],
)
def test_what_no_statement_is_to_blame_for_becomes_a_sentence(
    error: duckdb.Error, says: str
) -> None:
    with pytest.raises(DatabaseFailed, match=says) as raised, told_faults(Path("/ws/db")):
        raise error
    assert raised.value.__cause__ is error


def test_an_error_of_a_statement_is_left_as_it_is() -> None:
    with pytest.raises(duckdb.BinderException), told_faults(Path("/ws/db")):
        raise duckdb.BinderException("no column x")
    with (
        pytest.raises(DatabaseFailed, match=r"/ws/db cannot be opened: .*no column x"),
        told_opening(Path("/ws/db")),
    ):
        raise duckdb.BinderException("no column x")


def test_a_full_disk_is_told_where_a_transaction_meets_it(tmp_path: Path) -> None:
    with Database(tmp_path) as database:
        with pytest.raises(DatabaseFailed, match=DATABASE_NAME), database.write():
            raise duckdb.IOException(FULL)
        with database.write() as cursor:
            cursor.execute("INSERT INTO schema_version VALUES (0)")


def test_a_folder_in_the_place_of_the_database_is_refused_and_let_go(tmp_path: Path) -> None:
    (tmp_path / DATABASE_NAME).mkdir()
    with pytest.raises(DatabaseFailed, match=DATABASE_NAME):
        Database(tmp_path)
    (tmp_path / DATABASE_NAME).rmdir()
    Database(tmp_path, patience_s=0).close()
