"""What a terminal sees that knows ASCII only: signs of its own, and letters without their marks.

Whether it is one is told by its locale, as other programs do: C, POSIX, or a charset that is not
UTF-8. Where no locale is set at all, UTF-8 is taken for granted.
"""

import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

SIGNS: Final = {
    # Cells of charts, by how many of their eight dots are there.
    **{chr(0x2800 + dots): " ...:::=="[dots.bit_count()] for dots in range(256)},
    **dict.fromkeys("╭╮╰╯┌┐└┘├┤┬┴┼", "+"), **dict.fromkeys("┏┓┗┛", "#"),
    **dict.fromkeys("━╸╺", "="),  # of a bar, what is done
    **dict.fromkeys("─╌▔▁▀▄", "-"),
    **dict.fromkeys("│┃┊▌▐▊▎█▂▃▅▆▇", "|"),
    "●": "*", "▲": "^", "■": "#", "◆": "+", "★": "x", "▼": "v", "○": "o", "·": ".", "»": ">",
    "⚑": "!", "✎": "~", "▸": ">", "▶": ">", "‹": "<", "›": ">", "→": ">", "↓": "v", "↑": "^",
    "←": "<", "✓": "y", "✗": "x", "…": "~", "–": "-", "—": "-", "’": "'", "‘": "'", "“": '"',
    "”": '"', "⚠": "!", "░": ":", "▒": "o", "▓": "#", "−": "-",
    "α": "a", "κ": "k", "×": "x", "≠": "%", "±": "&", "÷": "/", "⟨": "<", "⟩": ">", "␛": "?",
    "△": "A", "▽": "V", "•": "o", "◂": "<", "‖": "#", "≤": "<", "°": "o", "◇": "o",
}  # fmt: skip


def is_ascii_only(environment: Mapping[str, str]) -> bool:
    """Whether the locale names a charset that is not UTF-8."""
    names = (environment.get(name) for name in ("LC_ALL", "LC_CTYPE", "LANG"))
    locale = next((name for name in names if name), None)
    return locale is not None and "utf8" not in locale.casefold().replace("-", "")


@lru_cache(4096)
def to_ascii(text: str) -> str:
    """A text in ASCII that takes as many cells."""
    return text if text.isascii() else "".join(map(_to_ascii, text))


def _to_ascii(char: str) -> str:
    if char.isascii():
        return char
    if char in SIGNS:
        return SIGNS[char]
    plain = unicodedata.normalize("NFKD", char).encode("ascii", "ignore").decode()
    width = cell_len(char)
    return plain if len(plain) == width else "?" * width


class AsciiOnly(LineFilter):
    """Applied to every line of the app, after all else."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Replace the text of segments that are not ASCII."""
        return [
            segment if segment.text.isascii() else Segment(to_ascii(segment.text), *segment[1:])
            for segment in segments
        ]
