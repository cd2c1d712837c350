"""Pasted text that holds an escape character: without it, so that no key is made of the rest.

A terminal marks where pasted text begins and ends. Textual reads an escape inside it as the start
of a sequence, and gives the characters behind it to the app as keys, which label clusters.
"""

from collections.abc import Iterable
from typing import Final

from textual._xterm_parser import XTermParser
from textual.message import Message

ESCAPE: Final = "\x1b"
BEGINS: Final = "\x1b[200~"
ENDS: Final = "\x1b[201~"


class PasteFilter:
    """What a terminal sends, piece by piece, without the escapes inside of pasted text."""

    def __init__(self) -> None:
        self._is_inside = False
        self._kept = ""  # inside, what may be the start of the end; outside, the last that passed

    def __call__(self, piece: str) -> str:
        """The next piece, without what may still turn out to be the end of pasted text."""
        passed = ""
        while piece:
            begun, piece = self._inside(piece) if self._is_inside else self._outside(piece)
            passed += begun
        return passed

    def _outside(self, piece: str) -> tuple[str, str]:
        seen = self._kept + piece
        place = seen.find(BEGINS)
        if place < 0:
            self._kept = seen[1 - len(BEGINS) :]
            return piece, ""
        end = place + len(BEGINS) - len(self._kept)
        self._is_inside, self._kept = True, ""
        return piece[:end], piece[end:]

    def _inside(self, piece: str) -> tuple[str, str]:
        text = self._kept + piece
        pasted, end, rest = text.partition(ENDS)
        self._kept = "" if end else _beginning_of_end(pasted)
        self._is_inside = not end
        pasted = pasted[: len(pasted) - len(self._kept)]
        return pasted.replace(ESCAPE, "") + end, rest


class PasteParser(XTermParser):
    """Textual's parser of what a terminal sends, behind a PasteFilter."""

    def __init__(self, debug: bool = False) -> None:
        self._filter = PasteFilter()
        super().__init__(debug)

    def feed(self, data: str) -> Iterable[Message]:
        """The events of the next piece; an empty one ends the input."""
        kept = self._filter(data)
        return super().feed(kept) if kept or not data else ()


def _beginning_of_end(text: str) -> str:
    """The longest end of a text with which the mark of the end may begin."""
    lengths = range(len(ENDS) - 1, 0, -1)
    return next((ENDS[:length] for length in lengths if text.endswith(ENDS[:length])), "")
