"""Lines out of bytes: what ends one, what no byte can do, and that nothing waits for more."""

import codecs
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.services.files.line_stream import BLOCK_LINES, LONGEST_LINE, TextLine, read_blocks


def lines_of(*chunks: bytes) -> list[str]:
    """The lines of bytes that arrive in these chunks."""
    arriving = iter((*chunks, b""))
    return [line.text for block in read_blocks(lambda _: next(arriving)) for line in block]


def test_a_line_feed_alone_ends_a_line() -> None:
    text = "a\u2028b\x0bc\x0cd\x85e\rf"
    assert lines_of(f"{text}\r\n\nlast".encode()) == [text, "", "last"]
    assert lines_of(b"a\n") == ["a"]
    assert lines_of(b"") == []


@given(st.lists(st.binary(max_size=12), max_size=12), st.integers(1, 9))
def test_every_line_of_bytes_is_one_line_of_text_however_they_arrive(
    lines: list[bytes], size: int
) -> None:
    whole = b"start\n" + b"\n".join(line.replace(b"\n", b"") for line in lines)
    chunks = [whole[start : start + size] for start in range(0, len(whole), size)]
    expected = whole.split(b"\n")
    if not expected[-1]:
        expected.pop()
    found = lines_of(*chunks)
    assert found == [line.decode(errors="replace").removesuffix("\r") for line in expected]


@pytest.mark.parametrize(
    ("mark", "codec"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
    ],
)
def test_a_byte_order_mark_names_the_encoding_even_if_it_arrives_byte_by_byte(
    mark: bytes, codec: str
) -> None:
    whole = mark + "Café 😀\nzwei".encode(codec)
    assert lines_of(whole) == ["Café 😀", "zwei"]
    assert lines_of(*(bytes([byte]) for byte in whole)) == ["Café 😀", "zwei"]


def test_what_arrived_is_given_before_more_is_read() -> None:
    read: list[int] = []

    def arriving() -> Iterator[bytes]:
        for number, chunk in enumerate((b"first\nsec", b"ond\n", b"")):
            read.append(number)
            yield chunk

    chunks = arriving()
    blocks = read_blocks(lambda _: next(chunks))
    assert next(blocks) == [TextLine("first")]
    assert read == [0]
    assert next(blocks) == [TextLine("second")]


def test_many_lines_come_in_blocks_and_a_line_without_end_is_cut() -> None:
    arriving = iter((b"x\n" * (BLOCK_LINES + 1), b""))
    assert [len(block) for block in read_blocks(lambda _: next(arriving))] == [BLOCK_LINES, 1]
    piece = b"y" * (1 << 20)
    arriving = iter((*[piece] * (LONGEST_LINE // len(piece) + 2), b"\nnext", b""))
    cut, following = (line for block in read_blocks(lambda _: next(arriving)) for line in block)
    assert cut.is_cut
    assert len(cut.text) == LONGEST_LINE
    assert following == TextLine("next")
