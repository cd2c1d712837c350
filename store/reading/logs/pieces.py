"""Cuts a log of JSON into its values, wherever it is entered: a line each, or one after another.

What is cut is bytes with the place after them, so that a log that grows can be read on from where
it ended. What ends in the middle of a value is left for the next time.
"""

import codecs
import json
import re
from collections.abc import Iterator
from typing import BinaryIO, Final

from store.reading.logs.entries import Entry, Place

_CHUNK: Final = 1 << 20  # bytes
_DECODER: Final = json.JSONDecoder()
_BETWEEN: Final = re.compile(r"[\s,\[\]\ufeff]*")
_CUT_OFF: Final = 8  # characters before the end of the window where a value can be cut in two


def cut(file: BinaryIO, start: Place, *, by_line: bool) -> Iterator[Entry]:
    """The values of a log from a place on, in their order; blank lines are none.

    The file is at that place. Memory holds a chunk, or the longest value.
    """
    return _cut_lines(file, start) if by_line else _cut_values(file, start)


def _cut_lines(file: BinaryIO, start: Place) -> Iterator[Entry]:
    read, line = start.read_bytes, start.read_lines
    for raw in file:
        read += len(raw)
        line += 1
        is_whole = raw.endswith(b"\n")
        if not read - len(raw):
            raw = raw.removeprefix(codecs.BOM_UTF8)
        if not raw.isspace() and raw:
            yield _parsed(line, raw, read, line - (not is_whole), is_whole)


def _cut_values(file: BinaryIO, start: Place) -> Iterator[Entry]:
    values = _Values(file, start)
    while (entry := values.take()) is not None:
        yield entry


class _Values:
    """A window over a log of values that may take several lines each.

    Bytes that are not UTF-8 become lone surrogates, which are as many bytes again.
    """

    def __init__(self, file: BinaryIO, start: Place) -> None:
        self._file = file
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self._text, self._at, self._indent = "", 0, ""
        self._read, self._lines = start.read_bytes, start.read_lines
        self._has_ended = False
        self._next = _CHUNK

    def take(self) -> Entry | None:
        """The next value, or what is in its place; None at the end."""
        while True:
            self._skip()
            if self._at >= len(self._text):
                if not self._more():
                    return None
                continue
            if self._text[self._at] != "{":
                return self._junk()
            try:
                _, end = _DECODER.raw_decode(self._text, self._at)
            except (json.JSONDecodeError, RecursionError) as error:
                if (found := self._next_after(error)) is not None:
                    return self._piece(found)
                if not self._more():
                    return self._piece(len(self._text), is_whole=False)
                continue
            return self._piece(end)

    def _skip(self) -> None:
        found = _BETWEEN.match(self._text, self._at)
        end = found.end() if found else self._at
        before, line_end, indent = self._text[self._at : end].rpartition("\n")
        if line_end or before:
            self._indent = indent if indent.isspace() else ""
        self._move(end)

    def _move(self, to: int) -> None:
        passed = self._text[self._at : to]
        self._read += len(passed.encode("utf-8", "surrogateescape"))
        self._lines += passed.count("\n")
        self._at = to
        if self._at > _CHUNK:
            self._text, self._at = self._text[self._at :], 0
            self._next = _CHUNK

    def _more(self) -> bool:
        """Read on, more each time that a value does not fit."""
        if self._has_ended:
            return False
        chunk = self._file.read(self._next)
        self._has_ended = not chunk
        self._next *= 2
        self._text += self._decoder.decode(chunk, final=self._has_ended)
        return True

    def _next_after(self, error: json.JSONDecodeError | RecursionError) -> int | None:
        """Where a broken value ends: before the next line that begins as its own does.

        None where it may only be cut off by the window.
        """
        if isinstance(error, json.JSONDecodeError) and not self._has_ended:
            near_end = error.pos > len(self._text) - _CUT_OFF
            if near_end or error.msg.startswith("Unterminated"):
                return None
        found = self._text.find("\n" + self._indent + "{", self._at + 1)
        return found if found >= 0 else None

    def _junk(self) -> Entry:
        """What begins as no object, up to the end of its line."""
        while (end := self._text.find("\n", self._at)) < 0 and self._more():
            pass
        return self._piece(end if end >= 0 else len(self._text))

    def _piece(self, end: int, *, is_whole: bool = True) -> Entry:
        raw = self._text[self._at : end].encode("utf-8", "surrogateescape")
        line = self._lines + 1
        self._move(end)
        return _parsed(line, raw, self._read, self._lines, is_whole)


def _parsed(line: int, raw: bytes, end_bytes: int, end_lines: int, is_whole: bool) -> Entry:
    """A row of the object that bytes hold, or of why they hold none."""
    try:
        found = json.loads(raw.decode())
        if isinstance(found, dict):
            return Entry(line, found, raw, "", end_bytes, end_lines, is_whole)
        reason = "not a JSON object"
    except UnicodeDecodeError:
        reason = "contains bytes that are no character"
    except json.JSONDecodeError as error:
        reason = f"not JSON: {error.msg} at column {error.colno}"
    except RecursionError:
        reason = "nested too deeply"
    except ValueError:
        reason = "a number in it has too many digits"
    return Entry(line, None, raw, reason, end_bytes, end_lines, is_whole)
