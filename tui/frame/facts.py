"""How a workspace stands, read from the store and the folders of jobs, as screens show it."""

from dataclasses import dataclass

from engine.errors import EngineError
from engine.jobs.draft import JobDraft
from engine.jobs.records import ACTIVE
from store.clusters import clustering_stamp
from store.counts import Counts, count_all
from store.database.connection import Database
from store.datasets import list_datasets
from store.detectors import INITIAL, list_detectors
from store.draws import count_draws
from store.errors import StoreError
from store.evaluations import unevaluated_detectors
from tui.frame.snapshot import Due, Invention, JobLine, Snapshot, StageLine
from tui.services.errors import NothingToDo, ServiceError
from tui.services.job_views import Jobs, JobView, StageView
from tui.services.jobs.run_plan import RunRequest, draft_run
from tui.services.jobs.training import fault_warnings
from tui.services.problems import FILE as PROBLEM
from tui.services.results.job_facts import job_facts
from tui.services.results.outcomes import describe_failures, describe_quality, describe_stage
from tui.services.task_labels import label_warnings
from tui.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Facts:
    """What only parts that come in and decisions change."""

    counts: Counts
    seeds: int
    benchmarks: tuple[str, ...]
    recipes: int
    unevaluated: tuple[str, ...]
    clustering: str
    label_warnings: tuple[str, ...]
    fault_warnings: tuple[str, ...]
    invention: Invention | None

    def snapshot(
        self,
        jobs: tuple[JobLine, ...],
        due: Due,
        *,
        strays: str,
        figures: str = "",
        elsewhere: int = 0,
    ) -> Snapshot:
        """The facts with what is known of jobs, newest first, and of what a run would do."""
        return Snapshot(
            counts=self.counts,
            seeds=self.seeds,
            benchmarks=self.benchmarks,
            recipes=self.recipes,
            unevaluated=self.unevaluated,
            jobs=jobs,
            due=due,
            clustering=self.clustering,
            label_warnings=self.label_warnings,
            fault_warnings=self.fault_warnings,
            figures=figures,
            elsewhere=elsewhere,
            strays=strays,
            invention=self.invention,
        )


def read_facts(workspace: Workspace, database: Database) -> Facts:
    """The facts as they are now."""
    datasets = list_datasets(database)
    return Facts(
        counts=count_all(database),
        seeds=sum(item.rows for item in datasets if "seed" in item.roles),
        benchmarks=tuple(item.dataset for item in datasets if "benchmark" in item.roles),
        recipes=sum(item.recipe != INITIAL for item in list_detectors(database)),
        unevaluated=unevaluated_detectors(database),
        clustering=clustering_stamp(database),
        label_warnings=label_warnings(workspace.task, database),
        fault_warnings=fault_warnings(database),
        invention=_read_invention(workspace, database) if workspace.task.is_pair else None,
    )


def _read_invention(workspace: Workspace, database: Database) -> Invention:
    found = count_draws(database)
    return Invention(
        draws=sum(item.right + item.failed + item.waiting for item in found),
        waiting=sum(item.waiting for item in found),
        failed=sum(item.failed for item in found),
        has_problem=(workspace.path / PROBLEM).is_file(),
    )


def read_due(workspace: Workspace, database: Database, jobs: tuple[JobLine, ...]) -> Due:
    """What a run would do, or why it can't be made; nothing while a job runs. Reads many rows."""
    if any(job.is_running for job in jobs):
        return Due()
    try:
        return due_of(draft_run(workspace, database, RunRequest()))
    except NothingToDo:
        return Due()
    except (ServiceError, StoreError, EngineError) as error:
        return Due(refusal=str(error))


def due_of(draft: JobDraft) -> Due:
    """The stages of a draft with the rows that they start from."""
    return Due(tuple((stage.name, stage.rows) for stage in draft.planned))


def read_snapshot(workspace: Workspace, database: Database, found: Jobs) -> Snapshot:
    """How things stand now, for who looks once."""
    jobs = job_lines(found)
    due = read_due(workspace, database, jobs)
    return read_facts(workspace, database).snapshot(jobs, due, strays=found.strays)


def job_lines(found: Jobs) -> tuple[JobLine, ...]:
    """The jobs, newest first."""
    return tuple(_job_line(view) for view in reversed(found.views))


def _job_line(view: JobView) -> JobLine:
    return JobLine(
        job_id=view.job.job_id,
        state=view.state,
        created_at=view.spec.created_at,
        done=view.done,
        written=view.written,
        total=view.total,
        stages=tuple(_stage_line(stage, view.state) for stage in view.stages),
        error=view.error,
        facts=job_facts(view),
        failures=tuple(line for stage in view.stages for line in describe_failures(stage)),
    )


def _stage_line(stage: StageView, state: str) -> StageLine:
    has_begun = bool(stage.total or stage.finished or stage.note)
    share = stage.share if stage.total else None
    if has_begun:
        text = describe_stage(stage)
    else:
        text = "its turn will come" if state in ACTIVE else "not begun"
    return StageLine(
        stage.name,
        1.0 if stage.finished else share,
        text,
        has_begun,
        stage.finished,
        describe_quality(stage),
    )
