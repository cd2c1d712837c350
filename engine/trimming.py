"""Named rules that make the question that is sent on from the raw output of the model."""

import re
from typing import Final

from engine.templates import TrimRule

_PREAMBLE: Final = re.compile(
    r"^(sure[,!.]?\s*|here('s| is)[^:\n]{0,60}:\s*|the (user('s)? )?(prompt|question)( asked)?"
    r"( (is|was|could be))?\s*:\s*|(question|user prompt|prompt|user|q)\s*:\s*)",
    re.IGNORECASE,
)
_QUOTES: Final = "\"'“”‘’«»`*"


def trim(raw: str | None, rule: TrimRule) -> str | None:
    """Apply a rule; None stays None.

    `none` strips white space. `question` also drops preambles ("The question was:") and
    surrounding quotes or emphasis, and keeps the first line that is left with words in it.
    """
    if raw is None or rule == "none":
        return raw.strip() if raw is not None else None
    for line in raw.splitlines():
        text, before = line.strip(), None
        while text != before:
            before = text
            text = _PREAMBLE.sub("", text, count=1).strip().strip(_QUOTES).strip()
        if re.search(r"\w", text):
            return text
    return ""
