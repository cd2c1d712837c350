"""Whether a text asks for anything: a question, or a request such as users of a chat write."""

import re
from typing import Final

# With the marks of Greek, Arabic, Armenian and Ethiopic, and the wide one.
_MARKS: Final = re.compile("[?\u037e\u061f\u055e\u1367\uff1f]")
# Scripts in which a question needs no mark: East Asian ones, Thai, Lao, Khmer, Burmese.
_UNMARKED: Final = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u9fff\uac00-\ud7af]")
_OPENING: Final = re.compile(
    r"^\W*((please|hi|hello|hey|so|and|but|ok|okay|well|now),?\s+)*"
    r"(what|when|where|why|who|whom|whose|how|which"
    r"|is|are|was|were|am|do|does|did|has|have|had|can|could|should|would|will|may|might|shall|must"
    r"|isn|aren|wasn|don|doesn|didn|hasn|haven|can|couldn|shouldn|wouldn|won"
    r"|tell|explain|describe|give|list|write|summari[sz]e|show|suggest|recommend|compare|define"
    r"|discuss|provide|name|help|create|outline|identify|advise|find|draft|make|generate|rewrite"
    r"|translate|i\s+(want|need|would like|wonder|am looking)|i['’]d like|i['’]m looking"
    r"|let me know|any (advice|ideas|tips|suggestions))\b",
    re.IGNORECASE,
)


def asks(text: str) -> bool:
    """Whether a text has a question mark, or opens as a question or a request in English does.

    A text in a script that needs no question mark counts as asking.
    """
    return bool(_MARKS.search(text) or _OPENING.match(text) or _UNMARKED.search(text))
