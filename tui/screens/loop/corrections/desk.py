"""What the dialog of corrections asks of the store. Methods block; any thread may call them."""

from typing import Literal

from store.approvals import CorrectedPattern, Correction, list_patterns, read_corrections
from store.database.connection import Database
from store.decisions import Action, Decision, record, redo, undo
from tui.services.workspace import Workspace


class CorrectionsDesk:
    """Patterns with corrections, and their approval by the annotator.

    `context` is what a pair's context is called.
    """

    def __init__(self, workspace: Workspace, database: Database) -> None:
        self._database = database
        self._positives = workspace.task.positives
        self._annotator = workspace.settings.annotator
        self.context = workspace.task.context

    def patterns(self, dataset: str) -> tuple[CorrectedPattern, ...]:
        """The patterns of a dataset, those that wait first."""
        return tuple(list_patterns(self._database, self._positives, dataset))

    def corrections(self, cluster_id: str) -> tuple[Correction, ...]:
        """The best correction of each answer of a pattern."""
        return tuple(read_corrections(self._database, self._positives, cluster_id))

    def approve(self, pattern: CorrectedPattern) -> None:
        """Approve those corrections of a pattern that were there when it was read."""
        seen = pattern.seen_until.isoformat()
        decision = Decision("approve", cluster_id=pattern.cluster_id, note=seen)
        record(self._database, self._annotator, [decision])

    def withdraw(self, pattern: CorrectedPattern) -> None:
        """Take the approval of a pattern back."""
        decision = Decision("withdraw", cluster_id=pattern.cluster_id)
        record(self._database, self._annotator, [decision])

    def turn(self, kind: Literal["undo", "redo"]) -> Action:
        """Undo the annotator's newest action, or do it again. Raises DecisionRefused."""
        turn = undo if kind == "undo" else redo
        return turn(self._database, self._annotator)
