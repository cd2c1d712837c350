"""Making text from files and models inert: the one way in which such text reaches the screen.

A terminal obeys control characters, and bidirectional overrides make a text read as another.
They are shown, not obeyed. Markup is no danger: widgets render `Content` and tables `Text`.
"""

import re
from typing import Final

TAB_WIDTH: Final = 4

_CONTROLS: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f"  # C0 but for tab and newline, and DEL
    "\x80-\x9f"  # C1: one byte that acts like ESC and a letter
    "\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff"  # lone surrogates, which no terminal can be sent
    "\ufdd0-\ufdef\ufffe\uffff"
    "\U000e0000-\U000e007f"  # tags: invisible letters
    "\U0001fffe\U0001ffff]"
)


def inert(text: str) -> str:
    """The text with newlines and tabs as they act, and every other control made visible.

    C0 controls become their pictures (␛ for ESC), others their code point in angle brackets.
    """
    unified = text.replace("\r\n", "\n").replace("\t", " " * TAB_WIDTH)
    return _CONTROLS.sub(_picture, unified)


def one_line(text: str, length: int | None = None) -> str:
    """The text inert and on one line, cut to `length` characters with an ellipsis."""
    cut = text if length is None else text[: 4 * length]  # long answers are not read to the end
    line = " ".join(inert(cut).split())
    if length is not None and len(line) > length:
        return line[: length - 1].rstrip() + "…"
    return line


def _picture(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    return f"⟨{code:04X}⟩"
