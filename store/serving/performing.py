"""Does one call of a client in the process that owns the workspace."""

from dataclasses import replace
from typing import TYPE_CHECKING

from store.database.guest import Guest
from store.database.served import as_memory_allows
from store.serving.calls import read_call, write_result
from store.serving.refusals import write_error
from store.serving.wire import Message

if TYPE_CHECKING:
    from store.database.connection import Database


def perform(database: "Database", message: Message, guest: Guest) -> Message:
    """The answer to a call: its result, or its error."""
    try:
        function, values, call_id = read_call(message)
        seen = database.for_guest(replace(guest, call_id=call_id))
        return write_result(function, as_memory_allows(lambda: function(seen, **values)))
    except Exception as error:  # noqa: BLE001 (the boundary to another process, which gets it)
        return write_error(error)
