"""Named rules that make the question that is sent on from the raw output of the model."""

import re
import unicodedata
from typing import Final

from engine.generation.templates import TrimRule

_PREAMBLE: Final = re.compile(
    r"^(sure[,!.]?\s*|here('s| is)[^:\n]{0,60}:\s*"
    r"|the (original )?(user|person) (asked|wrote|said)\s*[:,]\s*"
    r"|the (user('s)? )?(prompt|question)( asked)?( (is|was|could be))?\s*:\s*"
    r"|(question|user prompt|prompt|user|q)\s*:\s*)",
    re.IGNORECASE,
)
_QUOTES: Final = "\"'“”‘’«»`*"


def trim(raw: str | None, rule: TrimRule) -> str | None:
    """The text that is sent on; None stays None, and a text without anything visible is "".

    `none` strips white space. `question` also drops preambles ("The user asked:") and
    surrounding quotes or emphasis, and keeps the first line that is left with words in it.
    """
    if raw is None:
        return None
    if is_blank(raw):
        return ""
    if rule == "none":
        return raw.strip()
    for line in raw.splitlines():
        text, before = line.strip(), None
        while text != before:
            before = text
            text = _PREAMBLE.sub("", text, count=1).strip().strip(_QUOTES).strip()
        if re.search(r"\w", text):
            return text
    return ""


def is_blank(text: str) -> bool:
    """Whether nothing of a text is visible: white space, spaces of no width, controls."""
    return all(
        character.isspace() or unicodedata.category(character) in {"Cc", "Cf"} for character in text
    )
