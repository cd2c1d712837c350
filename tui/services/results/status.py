"""How much of everything a workspace holds, and how far its jobs are."""

from dataclasses import dataclass, field

from store.counts import Counts, count_all
from store.database.connection import Database
from tui.services.job_views import Jobs, JobView, StageView
from tui.services.results.datasets import DatasetStatus, read_datasets
from tui.services.results.inlined import INLINED
from tui.services.results.job_facts import JobFacts, job_facts
from tui.services.results.label_quality import LabelQuality, read_quality
from tui.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class JobStatus:
    """A job's state and how far each of its stages is; `done` and `total` count rows.

    `done` rows are kept whatever happens, `written` ones are there.
    """

    job_id: str
    stages: tuple[str, ...]
    state: str
    done: int
    written: int
    total: int
    created_at: str
    facts: JobFacts = field(metadata=INLINED)
    error: str | None
    waits_for: str | None
    progress: tuple[StageView, ...]


@dataclass(frozen=True, slots=True)
class Status:
    """Counts of everything, how good labels are, datasets by name, and jobs, oldest first."""

    counts: Counts = field(metadata=INLINED)
    label_quality: LabelQuality
    datasets: tuple[DatasetStatus, ...]
    jobs: tuple[JobStatus, ...]


def read_status(workspace: Workspace, database: Database, jobs: Jobs) -> Status:
    """The workspace as it is now."""
    return Status(
        count_all(database),
        read_quality(workspace, database),
        tuple(read_datasets(database)),
        tuple(job_status(view) for view in jobs.views),
    )


def job_status(view: JobView) -> JobStatus:
    """The status of one job."""
    return JobStatus(
        job_id=view.job.job_id,
        stages=tuple(stage.name for stage in view.stages),
        state=view.state,
        done=view.done,
        written=view.written,
        total=view.total,
        created_at=view.spec.created_at,
        facts=job_facts(view),
        error=view.error,
        waits_for=view.waits_for or None,
        progress=view.stages,
    )
