"""What threads tell the dialog of corrections."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from store.approvals import CorrectedPattern, Correction


@dataclass
class PatternsRead(Message):
    """The patterns; the one to go to is that of the id, or the next that waits."""

    patterns: "tuple[CorrectedPattern, ...]"
    go_to: str | None = None


@dataclass
class CorrectionsRead(Message):
    """The corrections of a pattern."""

    cluster_id: str
    corrections: "tuple[Correction, ...]"
