"""What threads and widgets tell the screens: facts, in the past tense.

Threads only post these; the screen that gets one decides whether it still matters.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from tui.frame.opening import OpenWorkspace
    from tui.frame.session import Session
    from tui.frame.snapshot import Draft, Snapshot
    from tui.services.results.coverage import CoverageGrids
    from tui.services.results.new_text import ShownText


@dataclass
class WorkspaceOpened(Message):
    """The database is open and clusters may be labelled."""

    workspace: "OpenWorkspace"


@dataclass
class SessionOpened(Message):
    """The database is open and the app may ask for things."""

    session: "Session"


@dataclass
class OpeningFailed(Message):
    """The workspace could not be opened; the app ends with this error."""

    error: Exception


@dataclass
class ReopeningNeeded(Message):
    """The workspace has to be opened again, and why."""

    reason: str


@dataclass
class SnapshotTaken(Message):
    """The workspace as it is now; comes when something has changed."""

    snapshot: "Snapshot"

    def can_replace(self, message: Message) -> bool:
        """Let a newer snapshot take the place of one that no screen has shown yet."""
        return isinstance(message, SnapshotTaken)


class LabelsLearned(Message):
    """The learned labels are other ones than before; or it can be foreseen what a label does."""


@dataclass
class Said(Message):
    """Something for the message line, from a thread or a screen."""

    text: str
    is_warning: bool = False


@dataclass
class LogRead(Message):
    """The last lines of a job's log."""

    job_id: str
    text: str


@dataclass
class TextsRead(Message):
    """The newest texts of a job, newest first."""

    job_id: str
    texts: "tuple[ShownText, ...]"


@dataclass
class MachineRead(Message):
    """Words on what each device of the machine does."""

    words: tuple[str, ...]


@dataclass
class CoverageRead(Message):
    """What scenarios were drawn with."""

    found: "CoverageGrids"


@dataclass
class DraftMade(Message):
    """What a run would do, for the user to agree to."""

    draft: "Draft"


@dataclass
class ClusterWanted(Message):
    """A request to go to a cluster on the labelling screen, and to split it if so wished."""

    cluster_id: str
    then_split: bool
