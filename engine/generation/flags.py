"""Flags on what a model wrote: signs that a row is not what was asked for.

Flags decide nothing; they are kept with the row, counted, and can be filtered by.
"""

import re
from collections import Counter
from difflib import SequenceMatcher
from typing import Final

from engine.generation.asking import asks
from engine.generation.language import is_other_language
from engine.generation.protocol import Generation
from engine.generation.template_echo import echoes_template
from engine.generation.templates import Template
from engine.generation.trimming import is_blank
from engine.generation.written import REPLACEMENT
from store.flags import Flag

ECHO_RATIO: Final = 0.9
REPEATED_SHARE: Final = 0.5
MIN_WORDS_TO_REPEAT: Final = 20

# How refusals open, after the list by which Zou et al. (arXiv:2307.15043, appendix) count them: a
# text that refuses later, or politely goes around the question, is not found.
_REFUSAL: Final = re.compile(
    r"^\W*(i['’]?m (really |very )?sorry|sorry, (but )?i|(my apologies|i apologi[sz]e)\b"
    r"|as an? (ai|(large )?language model)\b|i['’]?m just an? (ai|language model)\b"
    r"|i('m| am) (an ai|unable)|i (can(no|['’])t|could not|am not able|won['’]t be able)"
    r"|unfortunately, i (can(no|['’])t|am (not able|unable))|it is not appropriate)",
    re.IGNORECASE,
)


def flag_generation(
    generation: Generation, text: str | None, given: str, template: Template, *, question: bool
) -> list[str]:
    """The flags of a row, in the order of `Flag`.

    `text` is what is sent on, `given` the text that the model was given to work from, in
    `template`; a `question` was asked for, or else a text of any kind.
    """
    if generation.error is not None:
        return []
    written = text or ""
    words = written.split()
    checks: dict[Flag, bool] = {
        "empty": is_blank(written),
        "echo": bool(words) and is_echo(written, given),
        "template-echo": echoes_template(written, template, given),
        "no-question": question and bool(words) and not asks(written),
        "refusal": is_refusal(written),
        "repetition": is_repetitive(words),
        "other-language": is_other_language(written, given),
        "cut": generation.cut,
        "damaged": REPLACEMENT in written,
    }
    return [name for name, found in checks.items() if found]


def is_refusal(text: str) -> bool:
    """Whether a text opens as refusals in English do, such as "I'm sorry" or "As an AI"."""
    return bool(_REFUSAL.match(text))


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
