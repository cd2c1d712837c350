"""What the audit's screen may show, and which of its keys do nothing there."""

from collections.abc import Collection
from typing import Final, Literal

from tui.frame.task_words import TaskWords
from tui.screens.audit.views import VIEWS, View

Face = Literal["empty", "intro"] | View

WRONG_KEYS: Final = ("override", "open", "split")
TEXT_KEYS: Final = ("unsure",)
NOTHING: Final = "How good propagated labels are will appear here once clusters are labelled."


def views_of(words: TaskWords) -> tuple[tuple[View, str], ...]:
    """The views of a task, with their titles; single texts were drawn with no dimensions."""
    return tuple(view for view in VIEWS if words.is_pair or view[0] != "dimensions")


def idle_keys(face: Face, *, has_chosen: bool, is_pair: bool) -> Collection[str]:
    """Over a text what is for wrong labels, over figures what is for the text."""
    context = () if is_pair and face in ("blind", "board") else ("context",)
    if face == "blind":
        return (*WRONG_KEYS, *context)
    if face == "board" and has_chosen:
        return (*TEXT_KEYS, *context)
    return (*WRONG_KEYS, *TEXT_KEYS, *context)
