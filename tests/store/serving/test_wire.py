import socket
import struct
import threading
from collections.abc import Iterator

import polars as pl
import pytest
from polars.testing import assert_frame_equal

import store.serving.wire
from store.errors import MessageRefused
from store.serving.wire import HEAD_LIMIT, MAGIC, Disconnected, Message, receive, send

Pair = tuple[socket.socket, socket.socket]


@pytest.fixture
def pair() -> Iterator[Pair]:
    one, other = socket.socketpair()
    with one, other:
        yield one, other


def through(pair: Pair, message: Message) -> Message:
    """A message sent in one thread and received in another."""
    thread = threading.Thread(target=send, args=[pair[0], message])
    thread.start()
    received = receive(pair[1])
    thread.join()
    return received


def test_a_message_comes_as_it_was_sent_with_frames_in_pieces(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store.serving.wire, "PIECE_BYTES", 10_000)
    frame = pl.DataFrame({"n": range(5_000), "text": [f"text {n} é" for n in range(5_000)]})
    empty = pl.DataFrame(schema={"a": pl.List(pl.Float32), "t": pl.Datetime("us")})
    received = through(pair, Message({"call": "x", "é": [1, None, 0.5]}, [frame, empty]))
    assert received.head == {"call": "x", "é": [1, None, 0.5]}
    assert_frame_equal(received.frames[0], frame)
    assert received.frames[1].schema == empty.schema


@pytest.mark.parametrize(
    "garbage",
    [
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\x00" * 64,
        struct.pack(">4sIH", MAGIC, HEAD_LIMIT + 1, 0),
        struct.pack(">4sIH", MAGIC, 2, 60_000) + b"{}",
        struct.pack(">4sIH", MAGIC, 4, 0) + b"{\xff\xfe}",
        struct.pack(">4sIH", MAGIC, 2, 0) + b"[]",
        struct.pack(">4sIH", MAGIC, 4000, 0) + b"[" * 4000,
        struct.pack(">4sIH", MAGIC, 2, 1) + b"{}" + struct.pack(">I", 2**31),
        struct.pack(">4sIH", MAGIC, 2, 1) + b"{}" + struct.pack(">I", 5) + b"abcde",
        struct.pack(">4sIH", MAGIC, 2, 1) + b"{}" + struct.pack(">I", 0),
    ],
)
def test_what_is_no_message_is_refused(pair: Pair, garbage: bytes) -> None:
    pair[0].sendall(garbage)
    pair[0].close()
    with pytest.raises(MessageRefused):
        receive(pair[1])


def test_a_message_that_is_too_long_is_not_sent(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store.serving.wire, "HEAD_LIMIT", 100)
    with pytest.raises(MessageRefused, match="too long"):
        send(pair[0], Message({"call": "x" * 100}))
    pair[0].close()
    with pytest.raises(Disconnected):
        receive(pair[1])


def test_a_message_that_ends_early_is_a_lost_connection(pair: Pair) -> None:
    pair[0].sendall(struct.pack(">4sIH", MAGIC, 50, 0) + b"{")
    pair[0].close()
    with pytest.raises(Disconnected):
        receive(pair[1])
