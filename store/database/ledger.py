"""Which calls of other processes have written, so that none is done twice.

An owner may be killed after it has committed and before it has answered: the caller asks the next
owner whether its call is in here before it calls again.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from store.database.cursor import Cursor
from store.database.served import served

if TYPE_CHECKING:
    from store.database.connection import Database

KEPT: Final = timedelta(days=1)  # no caller waits longer


def enter(cursor: Cursor, call_id: str, at: datetime) -> None:
    """Keep that a call has written, in its transaction."""
    cursor.execute("DELETE FROM served_calls WHERE called_at < ?", [at - KEPT])
    cursor.execute("INSERT OR IGNORE INTO served_calls VALUES (?, ?)", [call_id, at])


@served
def was_entered(database: "Database", call_id: str) -> bool:
    """Whether a call has written."""
    with database.read() as cursor:
        return bool(cursor.number("SELECT count(*) FROM served_calls WHERE call_id = ?", [call_id]))
