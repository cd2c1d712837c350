"""The way to the owner of a workspace: calls of the store that it does, and their answers."""

import contextlib
import select
import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

from store.database.owner import is_here, read_holder
from store.errors import Unreachable
from store.serving.refusals import read_error
from store.serving.rendezvous import connect
from store.serving.version import program_version
from store.serving.wire import Disconnected, Message, receive, send

T = TypeVar("T")

ANSWER_S: Final = 10.0  # for an owner to say that it is there
MESSAGE_S: Final = 60.0  # for an answer to come whole once it has begun


def reach(workspace: Path, *, looks_on: bool) -> "Channel | None":
    """The way to the owner of a workspace; None while nobody can be reached there.

    Raises OtherVersion.
    """
    holder = read_holder(workspace)
    if holder is None or holder.socket is None or not is_here(holder):
        return None
    channel = Channel(Path(holder.socket), looks_on=looks_on)
    try:
        channel.greet()
    except (Disconnected, OSError, Unreachable):
        return None
    return channel


class Channel:
    """Calls of the store in another process. Any thread may make them, each on a connection."""

    def __init__(self, address: Path, *, looks_on: bool) -> None:
        self._address = address
        self._hello = Message({"hello": program_version(), "looks_on": looks_on})
        self._lock = threading.Lock()
        self._idle: list[socket.socket] = []

    def greet(self) -> None:
        """Keep a connection ready. Raises OtherVersion, Unreachable, Disconnected, OSError."""
        connection = self._connect()
        with self._lock:
            self._idle.append(connection)

    def call(
        self,
        function: Callable[..., T],
        arguments: Sequence[Any],
        named: Mapping[str, Any],
        call_id: str,
    ) -> T:
        """What a function returns in the owner. Raises what it raised there, and Disconnected."""
        from store.serving.calls import read_result, write_call  # polars comes with it

        asked = write_call(function, arguments, named, call_id)
        with contextlib.ExitStack() as unless_answered:
            connection = self._take()
            unless_answered.callback(connection.close)
            send(connection, asked)
            self._await_answer(connection)
            connection.settimeout(MESSAGE_S)
            try:
                answer = receive(connection)
            except TimeoutError as error:
                raise Disconnected("the answer did not come whole") from error
            connection.settimeout(None)
            unless_answered.pop_all()
        with self._lock:
            self._idle.append(connection)
        result: T = read_result(function, answer)
        return result

    def _take(self) -> socket.socket:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        try:
            return self._connect()
        except OSError as error:
            raise Disconnected(str(error)) from error

    def _connect(self) -> socket.socket:
        with contextlib.ExitStack() as unless_welcome:
            connection = unless_welcome.enter_context(connect(self._address, ANSWER_S))
            send(connection, self._hello)
            answer = receive(connection)
            if "error" in answer.head:
                raise read_error(answer)
            connection.settimeout(None)
            unless_welcome.pop_all()
        return connection

    def _await_answer(self, connection: socket.socket) -> None:
        """Wait as long as the owner takes, if only it shows now and then that it is alive."""
        ready = select.poll()
        ready.register(connection, select.POLLIN)
        while not ready.poll(1000 * ANSWER_S):
            try:
                self._connect().close()
            except OSError as error:
                raise Disconnected(str(error)) from error

    def close(self) -> None:
        """Hang up."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()
