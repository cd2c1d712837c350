"""Flags on what a model wrote: signs that a row is not what was asked for.

Flags decide nothing; they are kept with the row, counted, and can be filtered by.
"""

import re
from collections import Counter
from difflib import SequenceMatcher
from typing import Final

from engine.generation.protocol import Generation
from engine.generation.trimming import is_blank
from engine.generation.written import REPLACEMENT
from store.schema import Flag

ECHO_RATIO: Final = 0.9
REPEATED_SHARE: Final = 0.5
MIN_WORDS_TO_REPEAT: Final = 20

_REFUSAL: Final = re.compile(
    r"^\W*(i['’]?m (really |very )?sorry|sorry, (but )?i|as an ai\b|i('m| am) (an ai|unable)"
    r"|i (can(no|['’])t|could not|am not able)|it is not appropriate)",
    re.IGNORECASE,
)


def flag_generation(generation: Generation, text: str | None, given: str) -> list[str]:
    """The flags of a row in a fixed order: empty, echo, refusal, repetition, cut, damaged.

    `text` is what is sent on, `given` the text that the model was given to work from.
    """
    if generation.error is not None:
        return []
    words = (text or "").split()
    checks: dict[Flag, bool] = {
        "empty": is_blank(text or ""),
        "echo": bool(words) and is_echo(text or "", given),
        "refusal": bool(_REFUSAL.match(text or "")),
        "repetition": is_repetitive(words),
        "cut": generation.cut,
        "damaged": REPLACEMENT in (text or ""),
    }
    return [name for name, found in checks.items() if found]


def is_echo(text: str, given: str) -> bool:
    """Whether a text says nearly word for word what was given, or is contained in it."""
    ours, theirs = (" ".join(re.findall(r"\w+", item.casefold())) for item in (text, given))
    if not ours or not theirs:
        return False
    matcher = SequenceMatcher(None, ours.split(), theirs.split(), autojunk=False)
    return ours in theirs or matcher.ratio() >= ECHO_RATIO


def is_repetitive(words: list[str]) -> bool:
    """Whether more than half of the word trigrams of a text of 20 words or more are repeats."""
    if len(words) < MIN_WORDS_TO_REPEAT:
        return False
    lowered = [word.casefold() for word in words]
    trigrams = Counter(zip(lowered, lowered[1:], lowered[2:], strict=False))
    return 1 - len(trigrams) / trigrams.total() > REPEATED_SHARE
