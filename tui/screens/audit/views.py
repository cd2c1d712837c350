"""What the audit screen shows: frozen, with no way back to the store."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from store.audit_findings import AuditItem, WrongLabel
    from store.audits import Prospect, Round
    from tui.services.results.audit import AuditReport


View = Literal["blind", "board", "dimensions", "agreement", "curve"]

VIEWS: Final[tuple[tuple[View, str], ...]] = (
    ("blind", "Text to audit"),
    ("board", "Figures"),
    ("dimensions", "By dimension"),
    ("agreement", "Agreement"),
    ("curve", "Right by keys"),
)  # with their titles


@dataclass(frozen=True, slots=True)
class AuditState:
    """Where the annotator's audit is.

    `opened` are the rounds that are not finished, newest first, and `item` is the text of the
    first that is next. Only without one, `prospect` is known: what a round would draw. `has_models`
    says whether language models have labelled something.
    """

    has_rounds: bool
    per_cluster: int
    consistency: int
    opened: "tuple[Round, ...]" = ()
    item: "AuditItem | None" = None
    has_models: bool = False
    prospect: "Prospect | None" = None

    @property
    def round(self) -> "Round | None":
        """The round that is being audited."""
        return self.opened[0] if self.opened else None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is labelled, by nobody, and nothing was ever drawn."""
        is_begun = self.has_rounds or self.has_models
        return not is_begun and self.prospect is not None and not self.prospect.labelled


@dataclass(frozen=True, slots=True)
class AuditFindings:
    """The audit's figures, and the labels found wrong in the round that they are of."""

    report: "AuditReport"
    wrong: "tuple[WrongLabel, ...]"
