"""From what a model wrote to a generation: the one way, for local models and servers alike.

Thoughts and what follows a stop string are left out before anything is trimmed, flagged, or read
as a label.
"""

import re
from collections.abc import Sequence
from typing import Final

from engine.generation.protocol import Generation
from engine.generation.thoughts import said_after_thought

REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"

# Half of a surrogate pair, which no file can hold, and NUL, at which C programs end a text.
_UNUSABLE: Final = re.compile("[\x00\ud800-\udfff]")


def read_written(
    written: str, stop: Sequence[str] = (), *, new_tokens: int, cut: bool
) -> Generation:
    """The generation of a text as the model wrote it; `cut` where the token limit ended it.

    A text that a stop string ended was not cut. What is nothing but thought, or was cut inside it,
    has an error instead of a text. Characters that no file can hold are replaced by U+FFFD.
    """
    raw = replace_unusable(written)
    said = said_after_thought(raw)
    if said is None or (said != raw and not said.strip()):
        return only_thought(raw, new_tokens=new_tokens, cut=cut)
    text = before_stop(said, stop)
    return Generation(
        text,
        new_tokens,
        cut=cut and text == said,
        raw=raw if said != raw else None,
        stopped=text != said,
    )


def only_thought(thought: str, *, new_tokens: int, cut: bool) -> Generation:
    """The generation of a reply in which the model thought, and answered nothing."""
    why = "was cut inside its thought: raise max_new_tokens" if cut else "holds nothing but thought"
    raw = replace_unusable(thought)
    return Generation(None, new_tokens, cut, error=f"The reply {why}.", raw=raw)


def replace_unusable(text: str) -> str:
    """The text with U+FFFD for every character that no file can hold."""
    return _UNUSABLE.sub(REPLACEMENT, text)


def before_stop(text: str, stop: Sequence[str]) -> str:
    """The text before the first stop string in it; empty stop strings are ignored."""
    places = [text.find(wanted) for wanted in stop if wanted]
    return text[: min((place for place in places if place >= 0), default=len(text))]
