"""The key of a model server: where it comes from, and how it stays out of all that is written."""

import json
import os
import unicodedata
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, quote_plus

from engine.errors import KeyRefused

KEY_VARIABLE: Final = "OPENAI_API_KEY"
HIDDEN: Final = "***"

# White space that str.strip leaves: a byte order mark, and spaces of no width.
_INVISIBLE: Final = "\ufeff\u200b\u200c\u200d\u2060"
_LEAST_SECRET: Final = 8  # shorter ones, such as "none" or "EMPTY", stand for no key


def read_key(environ: Mapping[str, str] = os.environ) -> str:
    """The key without the white space around it; "" if none is set.

    Raises KeyRefused, which does not repeat the key, for a character that no key has.
    """
    key = environ.get(KEY_VARIABLE, "").strip().strip(_INVISIBLE).strip()
    odd = next((character for character in key if not "!" <= character <= "~"), None)
    odd = odd or (key[0] if key and key[0] in "\"'`" else None)
    if odd is not None:
        name = unicodedata.name(odd, "").lower() or f"character U+{ord(odd):04X}"
        raise KeyRefused(
            f"{KEY_VARIABLE} holds a {name}, which no key has. Set it to the key alone, without "
            "quotes, spaces or line ends."
        )
    return key


def redact(text: str, environ: Mapping[str, str] = os.environ) -> str:
    """The text with *** in the place of the key, also as Python, JSON or an address spells it."""
    given = environ.get(KEY_VARIABLE, "")
    for key in sorted({given, given.strip(), given.strip().strip(_INVISIBLE)}, key=len)[::-1]:
        if len(key) < _LEAST_SECRET:
            continue
        for spelled in _spellings(key):
            text = text.replace(spelled, HIDDEN)
    return text


def _spellings(key: str) -> list[str]:
    """All spellings of a key, the longest first, since a short one may be part of a long one."""
    plain = key.encode("utf-8", "surrogateescape")
    forms = {
        key,
        repr(key)[1:-1],
        ascii(key)[1:-1],
        repr(plain)[2:-1],
        json.dumps(key)[1:-1],
        json.dumps(key, ensure_ascii=False)[1:-1],
        quote(plain, safe=""),
        quote(plain),
        quote_plus(plain),
    }
    return sorted(forms, key=len, reverse=True)
