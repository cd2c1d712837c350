"""A run: the stages that have rows to do, made into a job.

The stages of one job hand their rows on through parts, so a run goes from seeds to clusters
without the database. It stops there: an annotator labels them. What is due for a stage, the stage
itself knows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from engine.errors import NothingDue
from engine.jobs.draft import JobDraft
from engine.jobs.due import RunPlan, plan_stages
from engine.jobs.job import JobFolder
from store.attempts import count_failed
from store.counting import counted
from store.database.connection import Database
from store.datasets import list_datasets, require_dataset
from store.errors import UnknownName
from store.pairs import Draw
from tui.services.errors import DetectorMissing, NothingToDo
from tui.services.jobs.initial import Initial
from tui.services.jobs.stored import DrawnRows
from tui.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What a run is asked for. No `stages` means all; `initial` brings a detector along."""

    stages: tuple[str, ...] = ()
    draw: Draw = field(default_factory=Draw)
    initial: str | None = None
    retry_errors: bool = False


def start_job(workspace: Workspace, draft: JobDraft, *, force: bool = False) -> JobFolder:
    """The job that is made of a draft, with its worker started.

    With `force` it does not pause for what its first rows are like.
    """
    job = workspace.supervisor.create(draft.stages, draft.inputs, workspace.settings.device)
    if force:
        job.force()
    workspace.supervisor.start(job)
    return job


def draft_run(workspace: Workspace, database: Database, request: RunRequest) -> JobDraft:
    """The job of every stage that has something to do. Raises NothingToDo where none has."""
    require_seeds(database, request.draw.datasets)
    initial = Initial(workspace, database)
    run = RunPlan(
        named=request.stages,
        retry_errors=request.retry_errors,
        workspace=workspace,
        stored=DrawnRows(database, request.draw),
        initial=initial,
    )
    if request.initial is not None and (adoption := initial.adoption(request.initial)):
        run.draft.add(adoption)  # before anything that takes hours
    try:
        plan_stages(run)
    except NothingDue as reason:
        raise NothingToDo(str(reason)) from reason
    if not run.draft.planned:
        if run.draft.remarks:
            raise DetectorMissing(" ".join(run.draft.remarks))
        raise NothingToDo(_nothing_due(database))
    return run.draft


def _nothing_due(database: Database) -> str:
    seeds, questions = count_failed(database)
    lacking = [
        f"{counted(seeds, 'seed')} without a question" if seeds else "",
        f"{counted(questions, 'question')} without an answer" if questions else "",
    ]
    if any(lacking):
        return (
            f"Nothing is due but what failed: {' and '.join(filter(None, lacking))}. "
            "`backquery run --retry-errors` asks again."
        )
    return (
        "Nothing is due: every seed drawn has its question and answer, every answer its "
        "prediction, cluster and drift score. `backquery import` brings more seeds; "
        "`backquery label` is what comes next."
    )


def require_seeds(database: Database, datasets: Sequence[str]) -> None:
    """Raise UnknownName for a dataset that is not there, or has no seeds."""
    for name in datasets:
        if "seed" not in require_dataset(database, name).roles:
            seeds = [item.dataset for item in list_datasets(database) if "seed" in item.roles]
            raise UnknownName(
                f"{name!r} has no seeds. Datasets of seeds: {', '.join(seeds) or 'none yet'}."
            )
