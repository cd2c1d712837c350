"""What threads tell the dialog of doubtful labels."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from store.origins import Pair
    from tui.services.results.suspects import SuspectReport


@dataclass
class SuspectsFound(Message):
    """The doubtful labels."""

    report: "SuspectReport"


@dataclass
class SuspectRead(Message):
    """The answer of a doubtful label, with its seed and question."""

    pair: "Pair"
