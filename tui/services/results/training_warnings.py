"""The sentence on a detector that was trained on rows of the dataset it is evaluated on."""

from typing import TYPE_CHECKING, Final

from store.counting import counted

if TYPE_CHECKING:
    from tui.services.results.scores import DetectorScores

TRAINED: Final = "⚠"  # the sign of such a detector


def warn_of_training(scores: "DetectorScores") -> str:
    """What it was trained on, and what follows from that; nothing to say of others."""
    found = {
        "{}": scores.trained_on or 0,
        "near copies of {}": scores.trained_on_near_copies or 0,
        "answers to {}": scores.trained_on_answers or 0,
    }
    parts = [text.format(f"{count:,}") for text, count in found.items() if count]
    if not parts:
        return ""
    first, *others = parts
    more = "".join(f", and on {part} others" for part in others)
    return (
        f"{TRAINED} {scores.detector} was trained on {first} of these "
        f"{counted(scores.n, 'row')}{more}: it is not compared for the best."
    )
