"""Where a written text ends: the one rule that local models and servers share."""

from collections.abc import Sequence


def before_stop(text: str, stop: Sequence[str]) -> str:
    """Return the text before the first stop string in it; empty stop strings are ignored."""
    places = [text.find(wanted) for wanted in stop if wanted]
    return text[: min((place for place in places if place >= 0), default=len(text))]
