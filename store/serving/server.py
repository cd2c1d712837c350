"""Serves the database of its owner to other processes of the same user, one thread a connection.

A call is done between two messages, so nothing stays open while a client thinks, and a client that
is killed leaves nothing behind.
"""

import contextlib
import socket
import struct
import threading
import time
from typing import TYPE_CHECKING, Final

from store.database.guest import Guest
from store.errors import MessageRefused, OtherVersion, Unreachable
from store.serving.refusals import write_error
from store.serving.rendezvous import listen, require_same_user
from store.serving.version import program_version
from store.serving.wire import Disconnected, Message, receive, send

if TYPE_CHECKING:
    from store.database.connection import Database

HELLO_S: Final = 10.0  # for a client to say who it is
RETRY_S: Final = 0.05
SEND_S: Final = 60  # for a client to take what it asked for


class Server:
    """Answers clients of a database, from when it is made until it is closed.

    Raises Unreachable where no private socket can be made.
    """

    def __init__(self, database: "Database") -> None:
        self._database = database
        self._version = program_version()  # of the program that runs, whatever replaces its files
        self._socket, self.address = listen(database.workspace)
        self._lock = threading.Lock()
        self._clients: dict[socket.socket, threading.Thread] = {}
        self._is_closing = False
        self._thread = threading.Thread(target=self._accept, name="backquery-server", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Take no more calls, and wait for those that are being done."""
        self._is_closing = True
        self.address.unlink(missing_ok=True)
        _shut(self._socket, socket.SHUT_RDWR)
        self._thread.join()
        self._socket.close()
        with self._lock:
            clients = dict(self._clients)
        for connection in clients:
            _shut(connection, socket.SHUT_RD)  # one that waits for a call hears that none comes
        for thread in clients.values():
            thread.join()

    def _accept(self) -> None:
        while not self._is_closing:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                if not self._is_closing:  # too many files are open for now
                    time.sleep(RETRY_S)
                continue
            thread = threading.Thread(
                target=self._serve, args=[connection], name="backquery-client", daemon=True
            )
            with self._lock:
                self._clients[connection] = thread
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        """Answer one client until it is gone."""
        with connection, contextlib.suppress(Disconnected, TimeoutError):
            guest = self._welcome(connection)
            while guest is not None and not self._is_closing:
                self._answer(connection, guest)
        with self._lock:
            del self._clients[connection]

    def _welcome(self, connection: socket.socket) -> Guest | None:
        """Who a client is; None for one that was refused, and told so."""
        limit = struct.pack("ll", SEND_S, 0)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)
        connection.settimeout(HELLO_S)
        try:
            require_same_user(connection)
            head = receive(connection).head
            if head.get("hello") != self._version:
                raise OtherVersion(
                    "This is another version of Backquery than the one that has the workspace "
                    "open, which was started before an update. Close that one and open it again."
                )
        except (MessageRefused, OtherVersion, Unreachable) as error:
            send(connection, write_error(error))
            return None
        send(connection, Message({"welcome": self._version}))
        connection.settimeout(None)
        return Guest(may_write=not head.get("looks_on", False))

    def _answer(self, connection: socket.socket, guest: Guest) -> None:
        """Do one call. Raises Disconnected once the client is gone, or says what is no message."""
        from store.serving.performing import perform  # polars comes with it

        try:
            message = receive(connection)
        except MessageRefused as error:
            send(connection, write_error(error))
            raise Disconnected("what follows cannot be told apart") from error
        answer = perform(self._database, message, guest)
        try:
            send(connection, answer)
        except MessageRefused as error:
            send(connection, write_error(error))


def _shut(connection: socket.socket, how: int) -> None:
    with contextlib.suppress(OSError):  # closed by the other end
        connection.shutdown(how)
