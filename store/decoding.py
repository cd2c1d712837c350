"""Finds out how a text file is encoded, and reads its lines.

UTF-8 is the rule, UTF-16 is recognised, and anything else is read as a single-byte encoding
and said aloud: no byte sequence is refused, since one stray byte must not cost a whole file.
"""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from store.errors import ImportRefused

_HEAD_BYTES: Final = 4096
_CHUNK_BYTES: Final = 1 << 20
_WIDE_MARKS: Final = (  # UTF-32 first: its little-endian mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_C1_BYTES: Final = frozenset(range(0x80, 0xA0))  # control characters in latin-1
_NOT_WINDOWS_1252: Final = frozenset((0x81, 0x8D, 0x8F, 0x90, 0x9D))


@dataclass(frozen=True, slots=True)
class Encoding:
    """A codec, its error handler, and a remark where the choice is not the obvious one."""

    codec: str
    errors: str = "strict"
    remark: str | None = None


def detect_encoding(path: Path) -> Encoding:
    """Decide a file's encoding by its byte order mark, else by all of its bytes.

    A file that is mostly good UTF-8 is read as UTF-8: its broken bytes become lone surrogates,
    so that an importer can reject the rows that hold them and keep the others.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
        if marked := marked_codec(head):
            return Encoding(marked, "surrogatepass")
        if utf16 := _unmarked_utf16(head):
            return Encoding(utf16, "surrogatepass", f"{path.name}: read as {utf16.upper()}.")
        good, bad = _tally_utf8(path)
        if not bad:
            return Encoding("utf-8-sig")
        if good > bad or head.startswith(codecs.BOM_UTF8):
            return Encoding(
                "utf-8-sig",
                "surrogateescape",
                f"{path.name}: read as UTF-8, broken bytes in it: {bad}; "
                "rows that use them are rejected.",
            )
        codec = _single_byte_codec(path)
    except OSError as error:
        raise cannot_read(path, error) from error
    return Encoding(
        codec, remark=f"{path.name}: read as {codec}, because it is not UTF-8. Check its accents."
    )


def read_lines(path: Path, encoding: Encoding, newline: str | None) -> Iterator[str]:
    """Yield the lines of a file; `newline` means what it means to `open`.

    Only line feeds and carriage returns end a line: texts may hold U+0085 and U+2028.
    """
    try:
        with path.open(encoding=encoding.codec, errors=encoding.errors, newline=newline) as file:
            yield from file
    except UnicodeError as error:
        raise ImportRefused(
            f"{path} looks like {encoding.codec.upper()} but is damaged ({error}). "
            "Save it as UTF-8 and import it again."
        ) from error
    except OSError as error:
        raise cannot_read(path, error) from error


def cannot_read(path: Path, error: OSError) -> ImportRefused:
    """Say in the person's words why the operating system does not give a file."""
    return ImportRefused(f"{path} cannot be read: {error.strerror or error}.")


def marked_codec(head: bytes) -> str | None:
    """Name the UTF-16 or UTF-32 whose byte order mark begins a file; None if it has neither."""
    return next((codec for mark, codec in _WIDE_MARKS if head.startswith(mark)), None)


def is_mark_cut(head: bytes) -> bool:
    """Whether these bytes are the beginning of a longer byte order mark, or of one at all."""
    return any(len(head) < len(mark) and mark.startswith(head) for mark, _ in _WIDE_MARKS)


def _unmarked_utf16(head: bytes) -> str | None:
    """Name the UTF-16 whose mostly Latin text leaves a zero in every other byte."""
    even, odd, pairs = head[0::2].count(0), head[1::2].count(0), len(head) // 2
    if odd * 10 > pairs * 4 and even * 10 < odd:
        return "utf-16-le"
    if even * 10 > pairs * 4 and odd * 10 < even:
        return "utf-16-be"
    return None


def _tally_utf8(path: Path) -> tuple[int, int]:
    """Count the characters beyond ASCII, and the bytes that are not UTF-8."""
    good = bad = 0
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    for chunk in _chunks(path):
        text = decoder.decode(chunk, final=not chunk)
        if text.isascii():
            continue
        clean = text.encode("utf-8", "ignore").decode("utf-8")
        bad += len(text) - len(clean)
        good += len(clean) - len(clean.encode("ascii", "ignore"))
    return good, bad


def _single_byte_codec(path: Path) -> str:
    """Choose Windows-1252 where bytes stand that it uses for quotation marks and dashes."""
    present: set[int] = set()
    for chunk in _chunks(path):
        present.update(chunk)
    if present & _C1_BYTES and not present & _NOT_WINDOWS_1252:
        return "windows-1252"
    return "latin-1"


def _chunks(path: Path) -> Iterator[bytes]:
    """Yield a file's bytes, and an empty chunk as the last."""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk
    yield b""
