"""What the screens ask of the store, all but the labelling one, which opens before polars is there.

Imported in a thread: polars and DuckDB come with it.
"""

from dataclasses import dataclass

from tui.frame.session import Session
from tui.screens.accuracy.desk import AccuracyDesk
from tui.screens.audit.desk import AuditDesk
from tui.screens.data.desk import DataDesk
from tui.screens.drift.desk import DriftDesk
from tui.screens.loop.corrections.desk import CorrectionsDesk
from tui.screens.loop.desk import LoopDesk
from tui.screens.training.desk import TrainingDesk
from tui.screens.trial.desk import TrialDesk


@dataclass(frozen=True, slots=True)
class Desks:
    """The blocking calls of each screen, over one open workspace."""

    audit: AuditDesk
    drift: DriftDesk
    training: TrainingDesk
    accuracy: AccuracyDesk
    data: DataDesk
    trial: TrialDesk
    loop: LoopDesk
    corrections: CorrectionsDesk


def open_desks(session: Session) -> Desks:
    """The desks over a session's workspace."""
    workspace, database = session.workspace, session.database
    return Desks(
        audit=AuditDesk(workspace, database),
        drift=DriftDesk(database, workspace.settings.annotator),
        training=TrainingDesk(workspace, database),
        accuracy=AccuracyDesk(workspace, database),
        data=DataDesk(workspace, database),
        trial=TrialDesk(workspace, database),
        loop=LoopDesk(workspace, database),
        corrections=CorrectionsDesk(workspace, database),
    )
