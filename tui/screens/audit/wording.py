"""The sentences of the audit screen."""

from typing import TYPE_CHECKING

from store.counting import counted
from tui.frame.task_words import TaskWords
from tui.keys.keymap import Keymap
from tui.screens.audit.views import AuditState

if TYPE_CHECKING:
    from store.audits import Round


def describe_way_to_text(state: AuditState, keymap: Keymap) -> str:
    """What to press if a key that labels has no text to label."""
    if state.item is not None:
        keys = f"{keymap.shown('audit.view')} and {keymap.shown('audit.previous_view')}"
        way = f"the next one is in Text to audit ({keys} change the view)"
    else:
        way = f"{keymap.shown('audit.new_round')} draws a round"
    return f"There is no text to label here; {way}."


def describe_hidden(words: TaskWords) -> str:
    """Why a key does not show where a text that is being audited came from."""
    hidden = "The draw stays" if words.is_pair else "Seed and question stay"
    return f"{hidden} hidden during an audit."


def describe_unfinished(opened: "Round") -> str:
    """What becomes of an unfinished round when another one is drawn."""
    return (
        f"{opened.left:,} of {counted(opened.items, 'text')} of the round before not audited. "
        "It stays as it is, and figures will be of the new one."
    )


def describe_round(state: AuditState) -> str:
    """What drawing a round would do."""
    prospect = state.prospect
    if prospect is None or not prospect.items:
        return "draws a round. Nothing is left to draw: label clusters of two or more members."
    members, texts = counted(state.per_cluster, "member"), counted(prospect.items, "text")
    if prospect.clusters == 1:
        return f"draws a round: {members} of one cluster: {texts}."
    return f"draws a round: {members} of each of {prospect.clusters:,} clusters: {texts}."
