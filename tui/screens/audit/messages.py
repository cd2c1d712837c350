"""What threads tell the widgets of the audit screen."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from store.origins import Pair
    from tui.screens.audit.views import AuditFindings, AuditState
    from tui.services.results.agreement import AgreementReport
    from tui.services.results.label_quality import LabelQuality


@dataclass
class StateRead(Message):
    """Where the audit was after so many `writes` of the screen that asked."""

    state: "AuditState"
    writes: int


@dataclass
class FindingsRead(Message):
    """The figures of the audit, and what was found wrong."""

    findings: "AuditFindings"


@dataclass
class QualityRead(Message):
    """How good the labels are."""

    quality: "LabelQuality"


@dataclass
class PairRead(Message):
    """An answer with its question and seed."""

    pair: "Pair"


@dataclass
class AgreementRead(Message):
    """How far annotators agree, and a sentence for each alpha."""

    report: "AgreementReport"
    alphas: tuple[str, ...]
