"""What was written in a workspace, so that a screen can notice it without counting rows."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from store.database.served import served

if TYPE_CHECKING:
    from store.database.connection import Database


@dataclass(frozen=True, slots=True)
class Changes:
    """How many transactions were committed since the file was opened.

    `decisions` only added decisions, `others` did more; `served` of both came from another process.
    """

    decisions: int = 0
    others: int = 0
    served: int = 0

    def plus(self, more: "Changes") -> "Changes":
        """Both together."""
        return Changes(
            self.decisions + more.decisions, self.others + more.others, self.served + more.served
        )


@served
def read_changes(database: "Database") -> Changes:
    """What was written since the owner of the workspace opened it."""
    return database.changes


def count_elsewhere(database: "Database") -> int:
    """How often another process has written; for one that looks on, how often anybody has."""
    changes = read_changes(database)
    return changes.decisions + changes.others if database.looks_on else changes.served
