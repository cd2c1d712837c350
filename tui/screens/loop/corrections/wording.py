"""What the dialog of corrections says."""

from typing import TYPE_CHECKING, Final

from textual.content import Content

from store.counting import counted
from tui.services.inert import one_line
from tui.services.numbers import show_number
from tui.widgets.plain import plain

if TYPE_CHECKING:
    from store.approvals import CorrectedPattern, Correction
    from store.decisions import Action

READING: Final = "Reading corrections …"
APPROVED, WAITING = "✓", "○"
_KINDS: Final = {"approve": "an approval", "withdraw": "a withdrawal"}


def describe_nothing(dataset: str) -> str:
    """Why there is nothing to approve, and what would change that."""
    return (
        f"No answer of {one_line(dataset)} has a correction. `backquery correct --on "
        f"{one_line(dataset)}` lets a language model write them, for flagged answers with a prompt "
        "that you labelled positive."
    )


def describe_pattern(pattern: "CorrectedPattern", place: int, count: int) -> Content:
    """Which pattern is shown, how much of it was corrected, and whether that is approved."""
    facts = (
        f"Pattern {place + 1:,} of {count:,} · {one_line(pattern.label)} · "
        f"{counted(pattern.size, 'answer')}, {pattern.corrected:,} corrected · "
    )
    style = "bold $success" if pattern.is_approved else "bold $warning"
    return Content.assemble(facts, (_standing(pattern), style))


def _standing(pattern: "CorrectedPattern") -> str:
    if pattern.is_approved:
        return f"{APPROVED} approved"
    new = pattern.corrected - pattern.approved
    return f"{WAITING} {new:,} to approve" + (
        f", {pattern.approved:,} approved" if pattern.approved else ""
    )


def describe_correction(correction: "Correction", context: str, length: int) -> Content:
    """What was asked, and what lets the correction pass, in a line each; of a pair, under what."""
    lines = [("prompt", correction.prompt), ("scores", _describe_scores(correction))]
    if correction.context is not None:
        lines.insert(0, (context, correction.context))
    return Content("\n").join(
        Content.styled(f"{name}  ", "$quiet") + plain(one_line(text, length - len(name) - 2))
        for name, text in lines
    )


def describe_whole_prompt(correction: "Correction", context: str) -> Content:
    """What was asked in full; of a pair, under what."""
    text = plain(correction.prompt.strip())
    if correction.context is None:
        return text
    heading = Content.styled(context, "$quiet")
    under = plain(correction.context.strip())
    return Content("\n").join(
        [heading, under, Content(""), Content.styled("prompt", "$quiet"), text]
    )


def _describe_scores(correction: "Correction") -> str:
    f1, floor = show_number(correction.f1), show_number(correction.floor)
    positive = show_number(correction.probability)
    return f"positive probability {positive} · BERTScore F1 {f1}, floor {floor}"


def describe_approved(pattern: "CorrectedPattern", waiting: int, key: str) -> str:
    """What was approved, and what is left."""
    left = f"{counted(waiting, 'pattern')} to go" if waiting else "no pattern waits"
    return f"Approved {counted(pattern.corrected, 'correction')}: {left}. {key} undoes it."


def describe_turned(done: str, action: "Action") -> str:
    """An action that was undone or done again."""
    return f"{done}: {_KINDS.get(action.kind, one_line(action.label or action.kind, 40))}."
