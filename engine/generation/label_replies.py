"""Reading a label out of what a language model replied."""

import re
from collections.abc import Sequence


def find_label(reply: str, labels: Sequence[str]) -> str | None:
    """The label whose name comes first in the reply, or None if none does.

    Upper and lower case are the same, unless two labels differ in nothing else. A name counts only
    as a whole: "advice" is not in "advices" or "health-advice". Where several labels begin at one
    place, the longest is meant. What comes before the name is ignored: "not advice" is
    "advice".
    """
    names = "|".join(re.escape(label) for label in sorted(labels, key=len, reverse=True))
    joins = r"[._+-]"  # what may join the parts of a name
    whole = rf"(?<![^\W_])(?<![^\W_]{joins})({names})(?![^\W_])(?!{joins}[^\W_])"
    found = re.search(whole, reply, re.IGNORECASE)
    if found is None:
        return None
    meant = [label for label in labels if label.lower() == found[1].lower()]
    return found[1] if found[1] in meant else meant[0]
