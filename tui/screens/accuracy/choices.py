"""What keys do with the chosen detector beside others: marking it, and laying its curves over."""

from dataclasses import dataclass, replace

from tui.keys.keymap import Keymap
from tui.screens.accuracy.views import OVERLAID, Subject
from tui.screens.accuracy.wording import EVALUATE


@dataclass(frozen=True, slots=True)
class Choice:
    """What the views are about after a key, and the sentence on it; the same if it is refused."""

    subject: Subject
    text: str
    is_refused: bool = False


def mark(subject: Subject, keymap: Keymap) -> Choice:
    """The chosen detector as the one that others are compared with, or without its mark."""
    if subject.marked == subject.detector:
        return Choice(replace(subject, marked=None, against=None), "The mark is taken away.")
    if len(subject.dataset.detectors) == 1:
        text = f"There is no other detector to compare with: {EVALUATE}"
        return Choice(subject, text, is_refused=True)
    key, name = keymap.shown("accuracy.view"), subject.detector.detector
    text = f"Marked {name}. Choose another, then {key} compares the two."
    return Choice(replace(subject, marked=subject.detector, against=None), text)


def overlay(subject: Subject, keymap: Keymap) -> Choice:
    """The curves of the chosen detector drawn beside those of others, or no longer."""
    chosen, overlaid = subject.detector, subject.overlaid
    if chosen in overlaid:
        others = tuple(item for item in overlaid if item != chosen)
        text = f"The curves of {chosen.detector} are drawn while it is chosen."
        return Choice(replace(subject, overlaid=others), text)
    if len(overlaid) == len(OVERLAID):
        key = keymap.shown("accuracy.overlay")
        text = f"{len(overlaid)} are drawn beside others; {key} on one of them takes it away."
        return Choice(subject, text, is_refused=True)
    text = f"The curves of {chosen.detector} are drawn as {OVERLAID[len(overlaid)]}."
    return Choice(replace(subject, overlaid=(*overlaid, chosen)), text)
