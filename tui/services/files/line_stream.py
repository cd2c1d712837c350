"""Lines of text as they arrive in bytes, from a file or from a pipe that is still written to.

Only a line feed ends a line, a carriage return before it goes with it: texts may hold any other
separator. No byte is refused: what is not UTF-8, or the UTF-16 that a byte order mark announces,
becomes U+FFFD.
"""

import codecs
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from store.reading.encoding import is_mark_cut, marked_codec

READ_BYTES: Final = 1 << 20
BLOCK_LINES: Final = 512
LONGEST_LINE: Final = 1 << 24  # characters; what is longer is cut, so that memory stays bounded


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line without its end; `is_cut` if it was longer than LONGEST_LINE."""

    text: str
    is_cut: bool = False


def read_blocks(read: Callable[[int], bytes]) -> Iterator[list[TextLine]]:
    """Yield all lines in order, in blocks of those that have arrived, up to BLOCK_LINES.

    `read` returns at most so many bytes as soon as there are some, and none at the end.
    """
    splitter, held = _Splitter(), b""
    decoder: codecs.IncrementalDecoder | None = None
    has_ended = False
    while not has_ended:
        chunk = read(READ_BYTES)
        has_ended = not chunk
        held += chunk
        if decoder is None:
            if is_mark_cut(held) and not has_ended:
                continue  # a pipe may give one byte at a time
            decoder = codecs.getincrementaldecoder(marked_codec(held) or "utf-8-sig")("replace")
        lines = splitter.feed(decoder.decode(held, final=has_ended))
        yield from _blocks(lines if not has_ended else lines + splitter.finish())
        held = b""


def _blocks(lines: list[TextLine]) -> Iterator[list[TextLine]]:
    for start in range(0, len(lines), BLOCK_LINES):
        yield lines[start : start + BLOCK_LINES]


@dataclass(slots=True)
class _Splitter:
    """Cuts text into lines; the last one waits for its end."""

    pieces: list[str] = field(default_factory=list)  # of the line that has no end yet
    length: int = 0

    def feed(self, text: str) -> list[TextLine]:
        """The lines that a text ends."""
        *ended, rest = text.split("\n")
        lines = []
        for piece in ended:
            self._add(piece)
            lines.append(self._take())
        self._add(rest)
        return lines

    def finish(self) -> list[TextLine]:
        """The line that no line feed ended, if there is one."""
        return [self._take()] if self.length else []

    def _add(self, piece: str) -> None:
        if piece and self.length <= LONGEST_LINE:
            self.pieces.append(piece)
        self.length += len(piece)

    def _take(self) -> TextLine:
        text, is_cut = "".join(self.pieces)[:LONGEST_LINE], self.length > LONGEST_LINE
        self.pieces, self.length = [], 0
        return TextLine(text if is_cut else text.removesuffix("\r"), is_cut)
