"""The words of a text, and what makes two texts equal.

The engine imports this module too, so that both count the same words.
"""

import re
import unicodedata
from typing import Final

# Scripts that put no spaces between words: there, each character is a token.
_UNSPACED: Final = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_TOKEN: Final = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")


def normalise(text: str) -> str:
    """A text without differences of case, width, and white space."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def tokenise(text: str) -> list[str]:
    """The words and numbers of a text, normalised; punctuation only keeps them apart."""
    return _TOKEN.findall(unicodedata.normalize("NFKC", text).casefold())


def cut_words(text: str, count: int) -> str:
    """The text up to the end of so many words, as it is written."""
    end = 0
    for number, match in enumerate(_TOKEN.finditer(text)):
        if number == count:
            return text[:end]
        end = match.end()
    return text
