"""Jobs as screens and commands show them: how far each is, read from its folder."""

from dataclasses import dataclass
from datetime import UTC, datetime

from engine.generation.quality import SignShare
from engine.jobs.job import JobFolder
from engine.jobs.records import ACTIVE, JobSpec


@dataclass(frozen=True, slots=True)
class StageView:
    """How far one stage of a job is, and how its rows came out (see StageProgress).

    `quality` is what its first rows are like, once they are there.
    """

    name: str
    done: int
    written: int
    total: int
    share: float
    rows_per_s: float | None
    tokens_per_s: float | None
    eta_s: float | None
    elapsed_s: float
    note: str
    waiting: bool
    finished: bool
    rows: int
    failed: int
    lost: int
    reasons: tuple[tuple[str, int], ...]
    unsent: str
    device: str
    quality: tuple[SignShare, ...] = ()


@dataclass(frozen=True, slots=True)
class JobView:
    """A job as screens and commands show it; `done` and `total` count rows over all stages."""

    job: JobFolder
    spec: JobSpec
    state: str
    stages: tuple[StageView, ...]
    error: str | None
    ended_at: str | None
    heard_at: str | None  # when a stage last wrote how far it is

    @property
    def is_active(self) -> bool:
        """Whether a process works on it."""
        return self.state in ACTIVE

    @property
    def waits_for(self) -> str:
        """What the job waits for; "" while it does not wait."""
        return next((stage.note for stage in self.stages if stage.waiting), "")

    @property
    def done(self) -> int:
        """Rows of all stages that are in parts: those that a resumed job has."""
        return sum(stage.done for stage in self.stages)

    @property
    def written(self) -> int:
        """Rows of all stages that are there, in parts or to come in the next."""
        return sum(stage.written for stage in self.stages)

    @property
    def total(self) -> int:
        """Rows of all stages that have begun; later stages are not known yet."""
        return sum(stage.total for stage in self.stages)


@dataclass(frozen=True, slots=True)
class Jobs:
    """The jobs of a workspace, and a line on what else lies in its folders, mostly empty."""

    views: tuple[JobView, ...]
    strays: str


def view_job(job: JobFolder) -> JobView:
    """Read a job's folder."""
    spec, state = job.spec(), job.state()
    stages, heard = [], 0.0
    for number, stage in enumerate(spec.stages):
        found = job.progress(number, stage.name)
        progress = found.model_dump(exclude={"heartbeat"})
        heard = max(heard, found.heartbeat)
        if state not in ACTIVE:  # what a dead process said last is not true any more
            kept = found.done / found.total if found.total else float(found.finished)
            progress |= {"eta_s": None, "waiting": False, "written": found.done, "share": kept}
            if not found.finished:
                progress |= {"rows_per_s": None, "tokens_per_s": None}
        look = job.look(number, stage.name)
        stages.append(StageView(name=stage.name, **progress, quality=look.shares if look else ()))
    result = job.result()
    return JobView(
        job,
        spec,
        state,
        tuple(stages),
        error=result.error if result else None,
        ended_at=result.ended_at if result else None,
        heard_at=datetime.fromtimestamp(heard, UTC).isoformat(timespec="seconds")
        if heard
        else None,
    )
