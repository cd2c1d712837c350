"""What the dialog of doubtful labels says: why a label is doubtful, and what a key will do."""

from typing import TYPE_CHECKING

from textual.content import Content

from store.counting import counted
from tui.frame.snapshot import Labels
from tui.frame.task_words import TaskWords
from tui.services.inert import one_line

if TYPE_CHECKING:
    from tui.services.results.suspects import Suspect, SuspectReport
    from tui.services.results.voices import Voice

ISSUE = "confident learning: likely wrong"


def describe_doubt(suspect: "Suspect", annotator: str, labels: Labels) -> list[Content]:
    """What each calls it, who labelled it first: you: health-advice · detector 0.91: content."""
    who = "you" if suspect.annotator == annotator else suspect.annotator or suspect.origin
    parts = [
        _say(who, suspect.label, labels),
        *(_say(_name(voice), voice.label, labels) for voice in suspect.voices),
    ]
    if suspect.is_issue:
        parts.append(Content.styled(ISSUE, "bold"))
    return [part + Content(" ·") for part in parts[:-1]] + parts[-1:]


def _name(voice: "Voice") -> str:
    name = voice.name if voice.kind == "model" else voice.kind
    return name if voice.probability is None else f"{name} {voice.probability:.2f}"


def _say(who: str, label: str, labels: Labels) -> Content:
    view = labels.named(label)
    return Content.assemble(
        f"{one_line(who)}: ", (f"{view.glyph} {one_line(view.name)}", view.style)
    )


def describe_reach(suspect: "Suspect", reach: int, words: TaskWords) -> str:
    """What a label's key will label."""
    only = f"Label this {words.made} only"
    if suspect.origin == "centroid":
        return f"Label the representative of {counted(reach, words.made)}:"
    if suspect.origin == "override":
        return f"{only}, which has a label of its own:"
    if suspect.origin == "audited":
        return f"{only}, which was audited:"
    if suspect.origin == "constructed":
        return f"{only}, which was written for its label:"
    return f"{only}, to which its label spread:"


def describe_none(report: "SuspectReport", words: TaskWords) -> str:
    """Why the queue is empty, and what would fill it."""
    if not report.n:
        return f"No {words.made} has a label yet. Label some clusters first."
    kept = f" {counted(report.kept, 'label')} you or others kept." if report.kept else ""
    hint = (
        ""
        if any(voice.kind == "model" for voice in report.voices)
        else " `backquery annotate --model REF` asks a language model, too."
    )
    return f"None of {counted(report.n, 'label')} is doubtful.{kept}{hint}"
