"""Messages on a socket: a head of JSON, then frames as streams of Arrow, in pieces.

A head begins with four bytes that tell it from anything else, and its length; each piece with its
length. Frames go in pieces of about a megabyte because turning one into bytes keeps Python's other
threads waiting, those that draw a screen too.
"""

import io
import json
import socket
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from store.errors import MessageRefused

if TYPE_CHECKING:
    import polars as pl

MAGIC: Final = b"BQ1\n"
HEAD_LIMIT: Final = 64 * 2**20
PIECE_LIMIT: Final = 256 * 2**20  # for one row may be long
PIECE_BYTES: Final = 2**20
MOST_FRAMES: Final = 256
_HEAD: Final = struct.Struct(">4sIH")  # magic, bytes of JSON, number of frames
_PIECE: Final = struct.Struct(">I")  # bytes; 0 ends a frame


class Disconnected(Exception):
    """The other end is gone, or was before the message was whole."""


@dataclass(frozen=True, slots=True)
class Message:
    """What goes over a socket at once; the JSON names frames by their place."""

    head: dict[str, Any]
    frames: Sequence["pl.DataFrame"] = ()


def send(connection: socket.socket, message: Message) -> None:
    """Send a message whole. Raises MessageRefused if it is too long, Disconnected."""
    head = json.dumps(message.head, separators=(",", ":")).encode()
    if len(head) > HEAD_LIMIT or len(message.frames) > MOST_FRAMES:
        raise MessageRefused(
            f"A message of {len(head):,} bytes and {len(message.frames)} frames is too long: "
            f"{HEAD_LIMIT:,} bytes and {MOST_FRAMES} frames go over the socket at once."
        )
    try:
        connection.sendall(_HEAD.pack(MAGIC, len(head), len(message.frames)) + head)
        for frame in message.frames:
            for piece in _pieces(frame):
                connection.sendall(_PIECE.pack(len(piece)))
                connection.sendall(piece)
            connection.sendall(_PIECE.pack(0))
    except OSError as error:
        raise Disconnected(str(error)) from error


def receive(connection: socket.socket) -> Message:
    """The next message. Raises MessageRefused for what is none, Disconnected, and TimeoutError."""
    magic, size, frames = _HEAD.unpack(_read(connection, _HEAD.size))
    if magic != MAGIC or size > HEAD_LIMIT or frames > MOST_FRAMES:
        raise MessageRefused("What came over the socket is not a message of Backquery.")
    try:
        head = json.loads(_read(connection, size))
    except (ValueError, RecursionError) as error:
        raise MessageRefused(f"What came over the socket cannot be read: {error}.") from error
    if not isinstance(head, dict):
        raise MessageRefused("What came over the socket is not a message of Backquery.")
    return Message(head, [_read_frame(connection) for _ in range(frames)])


def _pieces(frame: "pl.DataFrame") -> Iterator[memoryview]:
    """A frame as streams of Arrow, each with some of the rows; at least one, for the columns."""
    row_bytes = max(1, int(frame.estimated_size()) // max(1, frame.height))
    for rows in frame.iter_slices(max(1, PIECE_BYTES // row_bytes)) if frame.height else (frame,):
        buffer = io.BytesIO()
        rows.write_ipc_stream(buffer)
        if buffer.tell() > PIECE_LIMIT:
            raise MessageRefused(f"A row of {buffer.tell():,} bytes is too long for the socket.")
        yield buffer.getbuffer()


def _read_frame(connection: socket.socket) -> "pl.DataFrame":
    import polars as pl

    found: list[pl.DataFrame] = []
    while size := _PIECE.unpack(_read(connection, _PIECE.size))[0]:
        if size > PIECE_LIMIT:
            raise MessageRefused("What came over the socket is not a frame.")
        try:
            found.append(pl.read_ipc_stream(io.BytesIO(_read(connection, size))))
        except (pl.exceptions.PolarsError, OSError) as error:
            raise MessageRefused(f"What came over the socket is not a frame: {error}") from error
    if not found:
        raise MessageRefused("What came over the socket is a frame without columns.")
    return pl.concat(found, rechunk=False)


def _read(connection: socket.socket, size: int) -> bytearray:
    """So many bytes; the memory for them is taken as they come."""
    found = bytearray()
    while len(found) < size:
        try:
            piece = connection.recv(min(size - len(found), PIECE_BYTES))
        except TimeoutError:
            raise
        except OSError as error:
            raise Disconnected(str(error)) from error
        if not piece:
            raise Disconnected("the connection was closed")
        found += piece
    return found
