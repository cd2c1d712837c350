"""What threads and widgets tell the screens: facts, in the past tense.

Threads only post these; the screen that gets one decides whether it still matters.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from store.clusters import Cluster
    from tui.session import Session
    from tui.views import AccuracyView, Detail, Draft, DriftView, Snapshot


@dataclass
class SessionOpened(Message):
    """The database is open and the app may ask for things."""

    session: "Session"


@dataclass
class OpeningFailed(Message):
    """The workspace could not be opened; the app ends with this error."""

    error: Exception


@dataclass
class SnapshotTaken(Message):
    """The workspace as it is now; comes when something has changed."""

    snapshot: "Snapshot"

    def can_replace(self, message: Message) -> bool:
        """Let a newer snapshot take the place of one that nobody has looked at yet."""
        return isinstance(message, SnapshotTaken)


@dataclass
class Said(Message):
    """Something for the message line, from a thread or a screen."""

    text: str
    is_warning: bool = False


@dataclass
class ClustersRead(Message):
    """The active clusters, largest first."""

    clusters: "tuple[Cluster, ...]"


@dataclass
class DetailRead(Message):
    """Seed, question and members of one cluster."""

    detail: "Detail"


@dataclass
class DriftRead(Message):
    """The drift figures."""

    view: "DriftView"


@dataclass
class AccuracyRead(Message):
    """The evaluations on all benchmarks."""

    view: "AccuracyView"


@dataclass
class LogRead(Message):
    """The last lines of a job's log."""

    job_id: str
    text: str


@dataclass
class DraftMade(Message):
    """What a run would do, for the person to agree to."""

    draft: "Draft"
