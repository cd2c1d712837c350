"""Finds out how a text file is encoded, and reads its lines.

UTF-8 is the rule, UTF-16 is recognised, and anything else is read as a single-byte encoding
and remarked, since one stray byte must not cost a whole file. A file that is not text at all is
refused.
"""

import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from store.errors import ImportRefused
from store.reading.inputs import Input, cannot_read

_HEAD_BYTES: Final = 4096
_CHUNK_BYTES: Final = 1 << 20
_WIDE_MARKS: Final = (  # UTF-32 first: its little-endian mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What no text file has in numbers: control characters that neither space nor style a text.
_CONTROLS: Final = bytes({*range(0x20), 0x7F} - set(b"\b\t\n\v\f\r\x1b"))
_FEWEST_NULS: Final = 4
_FEWEST_CONTROLS: Final = 8
_CONTROLS_PER_BYTE: Final = 0.005  # random bytes: 0.1; a few damaged rows: below
_CONFLICT: Final = re.compile(rb"^<<<<<<< .*?^=======\r?$.*?^>>>>>>> ", re.MULTILINE | re.DOTALL)
_UNTEXTLIKE: Final = {code: 0xDC00 + code for code in _CONTROLS if code}  # lone surrogates
_C1_BYTES: Final = frozenset(range(0x80, 0xA0))  # control characters in latin-1
_NOT_WINDOWS_1252: Final = frozenset((0x81, 0x8D, 0x8F, 0x90, 0x9D))
_SINGLE_BYTE: Final = frozenset(("windows-1252", "latin-1"))


@dataclass(frozen=True, slots=True)
class Encoding:
    """A codec, its error handler, and a remark where the choice is not the obvious one."""

    codec: str
    errors: str = "strict"
    remark: str | None = None


def detect_encoding(source: Input) -> Encoding:
    """Decide a file's encoding by its byte order mark, else by all of its bytes.

    A file that is mostly good UTF-8 is read as UTF-8: its broken bytes become lone surrogates,
    so that an importer can reject the rows that hold them and keep the others. Raises
    ImportRefused for a file that holds no text, and for one with an unresolved merge.
    """
    try:
        with source.open("rb") as file:
            head = file.read(_HEAD_BYTES)
        if marked := marked_codec(head):
            return Encoding(marked, "surrogatepass")
        if utf16 := _unmarked_utf16(head):
            return Encoding(utf16, "surrogatepass", f"{source.name}: read as {utf16.upper()}.")
        survey = _survey(source)
    except OSError as error:
        raise cannot_read(source, error) from error
    survey.require_text(source)
    if not survey.bad:
        return Encoding("utf-8-sig")
    if survey.good > survey.bad or head.startswith(codecs.BOM_UTF8):
        return Encoding(
            "utf-8-sig",
            "surrogateescape",
            f"{source.name}: read as UTF-8, broken bytes in it: {survey.bad}; "
            "rows that use them are rejected.",
        )
    codec = survey.single_byte_codec()
    return Encoding(
        codec,
        remark=f"{source.name}: read as {codec}, because it is not UTF-8. Check its accents.",
    )


def peek(head: bytes) -> str:
    """The text that a file begins with, as far as it can be told from its first bytes."""
    for mark, codec in _WIDE_MARKS:
        if head.startswith(mark):
            return head.decode(codec, "ignore")
    return head.decode(_unmarked_utf16(head[:_HEAD_BYTES]) or "utf-8-sig", "ignore")


def read_lines(source: Input, encoding: Encoding, newline: str | None) -> Iterator[str]:
    """Yield the lines of a file; `newline` means what it means to `open`.

    Only line feeds and carriage returns end a line: texts may hold U+0085 and U+2028. In a
    single-byte encoding, control characters that no text has become lone surrogates.
    """
    is_guessed = encoding.codec in _SINGLE_BYTE
    try:
        with (
            source.open("rb") as file,
            io.TextIOWrapper(file, encoding.codec, encoding.errors, newline) as lines,
        ):
            for line in lines:
                yield line.translate(_UNTEXTLIKE) if is_guessed else line
    except UnicodeError as error:
        raise ImportRefused(
            f"{source} looks like {encoding.codec.upper()} but is damaged ({error}). "
            "Save it as UTF-8 and import it again."
        ) from error
    except OSError as error:
        raise cannot_read(source, error) from error


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


@dataclass(slots=True)
class _Survey:
    """Counts over a file's bytes: characters beyond ASCII, bytes that are not UTF-8, controls."""

    size: int = 0
    nuls: int = 0
    good: int = 0
    bad: int = 0
    controls: int = 0
    has_conflict: bool = False
    high_bytes: set[int] = field(default_factory=set)  # where some are not UTF-8

    def require_text(self, source: Input) -> None:
        """Raise ImportRefused where the bytes are not those of a text."""
        most = self.size * _CONTROLS_PER_BYTE
        if (
            self.nuls > max(_FEWEST_NULS, most)
            or (self.bad and self.controls > max(_FEWEST_CONTROLS, most))
            or (self.bad > self.good and self.controls > most)
        ):
            raise ImportRefused(
                f"{source} holds binary data, not text. Backquery reads tables and plain text; "
                "export what it holds as CSV, JSON lines or Parquet."
            )
        if self.has_conflict:
            raise ImportRefused(
                f"{source} holds both sides of a merge that git could not do (<<<<<<<, =======, "
                ">>>>>>>). Resolve it and import the file again."
            )

    def single_byte_codec(self) -> str:
        """Choose Windows-1252 where bytes stand that it uses for quotation marks and dashes."""
        if self.high_bytes & _C1_BYTES and not self.high_bytes & _NOT_WINDOWS_1252:
            return "windows-1252"
        return "latin-1"


def _survey(source: Input) -> _Survey:
    found = _Survey()
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    for chunk in _chunks(source):
        found.size += len(chunk)
        found.nuls += chunk.count(0)
        found.controls += len(chunk) - len(chunk.translate(None, _CONTROLS))
        found.has_conflict = found.has_conflict or _CONFLICT.search(chunk) is not None
        text = decoder.decode(chunk, final=not chunk)
        if text.isascii():
            continue
        found.high_bytes.update(chunk)
        clean = text.encode("utf-8", "ignore").decode("utf-8")
        found.bad += len(text) - len(clean)
        found.good += len(clean) - len(clean.encode("ascii", "ignore"))
    return found


def _chunks(source: Input) -> Iterator[bytes]:
    """Yield a file's bytes, and an empty chunk as the last."""
    with source.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk
    yield b""
