"""The sentence on a detector that was trained on rows of the dataset it is evaluated on."""

from typing import TYPE_CHECKING, Final

from store.counting import counted

if TYPE_CHECKING:
    from tui.services.results.scores import DetectorScores

TRAINED: Final = "⚠"  # the sign of such a detector


def warn_of_training(scores: "DetectorScores") -> str:
    """What it was trained on, and what follows from that; nothing to say of others."""
    rows, answers = scores.trained_on or 0, scores.trained_on_answers or 0
    if not rows and not answers:
        return ""
    of = f" of these {counted(scores.n, 'row')}"
    answered = f"answers to {answers:,}"
    if not rows:
        what = f"{answered}{of}"
    else:
        what = f"{rows:,}{of}" + (f", and on {answered} others" if answers else "")
    return f"{TRAINED} {scores.detector} was trained on {what}: it is not compared for the best."
