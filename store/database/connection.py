"""A workspace's database, in this process or through the one that owns it.

DuckDB lets one process open the file, not even a second one to read it. Who opens a workspace
first owns it, and serves the others: they send their store calls through a socket. When the owner
ends, the next call goes to whoever owns the workspace then, or the caller becomes its owner.
"""

import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from copy import copy
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, Final, ParamSpec, TypeVar

from store.database.changes import Changes
from store.database.cursor import Cursor
from store.database.guest import Guest
from store.database.ledger import enter, was_entered
from store.database.owner import COMMAND_PATIENCE_S, RETRY_S, Ownership, describe_silence
from store.database.served import as_memory_allows
from store.errors import AnswerLost, LooksOn, OwnerGone, SchemaMismatch, Unreachable, WorkspaceHeld
from store.serving.channel import Channel, reach
from store.serving.server import Server
from store.serving.wire import Disconnected

if TYPE_CHECKING:
    import polars as pl

    from store.database.file import DatabaseFile

LOOKS_ON: Final = (
    "This window only looks on: write in the one that has the workspace open, or close that one."
)
P = ParamSpec("P")
T = TypeVar("T")


class Database:
    """A workspace's database, open until it is closed; any thread may use it.

    `ownership` is one that was taken before, and stays with who took it. With `is_modest`, DuckDB
    takes no more memory and threads than it needs, else most of the machine's. One that `looks_on`
    never owns the workspace, and may not write. Raises WorkspaceHeld after `patience_s` where the
    workspace is owned by a process that cannot be reached.
    """

    def __init__(
        self,
        workspace: Path,
        *,
        role: str = "a command",
        patience_s: float = COMMAND_PATIENCE_S,
        ownership: Ownership | None = None,
        is_modest: bool = False,
        looks_on: bool = False,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.workspace = workspace
        self.now = clock
        self.looks_on = looks_on
        self._role, self._patience_s, self._is_modest = role, patience_s, is_modest
        self._file: DatabaseFile | None = None
        self._channel: Channel | None = None
        self._guest: Guest | None = None
        self._switching = threading.Lock()
        self._open = ExitStack()
        if ownership is not None:
            self._open_file(ownership)
        else:
            self._find_holder()

    @property
    def is_owner(self) -> bool:
        """Whether this process owns the workspace."""
        return self._file is not None

    @property
    def changes(self) -> Changes:
        """What was written since this process, which owns the workspace, opened it."""
        assert self._file is not None
        return self._file.changes

    @property
    def is_modest(self) -> bool:
        """Whether somebody at a screen may wait for what is written."""
        return self._file is None or self._file.is_modest

    def save_memory(self) -> None:
        """Let DuckDB take no more memory from now on than it needs, also if that takes longer.

        Else it keeps most of what was read and written, up to most of the machine's memory.
        """
        if self._file is not None:
            self._file.save_memory()

    def _find_holder(self) -> None:
        """Own the workspace, or reach its owner; wait for one that is about to come or to go."""
        deadline = time.monotonic() + self._patience_s
        while True:
            try:
                ownership = Ownership(self.workspace, self._role, 0)
            except WorkspaceHeld:
                channel = reach(self.workspace, looks_on=self.looks_on)
                if channel is not None:  # else the lost one stays, on which other threads find out
                    self._channel = channel
                    return
                if time.monotonic() >= deadline:
                    raise WorkspaceHeld(describe_silence(self.workspace)) from None
                time.sleep(RETRY_S)
                continue
            if self.looks_on:
                ownership.release()
                raise OwnerGone(f"Nobody has {self.workspace} open any more.")
            self._own(ownership)
            return

    def _own(self, ownership: Ownership) -> None:
        """Open the file under an ownership that ends with it."""
        with ExitStack() as unless_open:
            self._open.callback(ownership.release)
            unless_open.callback(self._open.close)
            self._open_file(ownership)
            unless_open.pop_all()

    def _open_file(self, ownership: Ownership) -> None:
        """Open the file, and serve others that want it."""
        from store.database.file import DatabaseFile  # DuckDB comes with it

        with ExitStack() as unless_open:
            file = DatabaseFile(self.workspace, is_modest=self._is_modest)
            unless_open.callback(file.close)
            self._file = file
            with suppress(Unreachable):  # others are told that this process serves nobody
                server = Server(self)
                unless_open.callback(server.close)
                ownership.tell(server.address)
            self._open.push(unless_open.pop_all())

    def perform(
        self,
        function: Callable[Concatenate["Database", P], T],
        *arguments: P.args,
        **named: P.kwargs,
    ) -> T:
        """What a served function returns, wherever it is called; `served` comes here.

        Raises AnswerLost where the owner ended after it had written, before it could say so.
        """
        call_id, is_again = secrets.token_hex(8), False
        while True:
            if is_again and was_entered(self, call_id):
                raise AnswerLost(
                    "The process that had the workspace open ended as it answered. What was to be "
                    "written is in the workspace: it need not be done again."
                )
            channel = self._channel
            if self._file is not None or channel is None:
                return as_memory_allows(lambda: function(self, *arguments, **named))
            try:
                return channel.call(function, arguments, named, call_id)
            except Disconnected:
                self._switch_from(channel)
                is_again = True

    def _switch_from(self, lost: Channel) -> None:
        with self._switching:
            if self._channel is lost and self._file is None:
                lost.close()
                self._find_holder()

    def for_guest(self, guest: Guest) -> "Database":
        """What a client may use of a database that this process owns."""
        seen = copy(self)
        seen._guest = guest
        return seen

    @contextmanager
    def read(self) -> Iterator[Cursor]:
        """Give a cursor that sees what is committed. Raises DatabaseFailed.

        Only where this process owns the workspace: within a function that is `served`.
        """
        assert self._file is not None
        with self._file.read() as cursor:
            yield cursor

    @contextmanager
    def write(
        self, *, is_patient: bool = False, is_decision: bool = False, is_noticed: bool = True
    ) -> Iterator[Cursor]:
        """Give a cursor in a transaction: committed on leaving, rolled back on an error.

        A patient writer lets all others go first: many rows go in by small patient transactions,
        so that no key press waits for more than one of them. They are parts of something that can
        be done again. `is_decision` says that only decisions are added; what is not `is_noticed`
        counts for nobody until another transaction says so. Raises RowKnown, OutOfMemory if it can
        be tried again, and DatabaseFailed.
        """
        assert self._file is not None
        guest = self._guest
        if guest is not None and not guest.may_write:
            raise LooksOn(LOOKS_ON)
        made = Changes(int(is_decision), int(not is_decision), int(guest is not None))
        with self._file.write(
            is_patient=is_patient, made=made if is_noticed else Changes()
        ) as cursor:
            yield cursor
            if guest is not None and not is_patient:
                enter(cursor, guest.call_id, self.now())

    def require_writable(self) -> None:
        """Raise LooksOn where this process only looks on; it starts and ends no jobs either."""
        if self.looks_on:
            raise LooksOn(LOOKS_ON)

    @contextmanager
    def intake(self) -> Iterator[None]:
        """Hold off other threads that take parts in: two at once could meet in one transaction."""
        assert self._file is not None
        with self._file.intake:
            yield

    def close(self) -> None:
        """Close the file, if it is open here, and let other processes have it."""
        if self._channel is not None:
            self._channel.close()
        self._open.close()

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
