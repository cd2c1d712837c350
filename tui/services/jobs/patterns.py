"""Patterns: rows of production that are selected, and the job that groups and names them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from engine.jobs.draft import JobDraft, PlannedStage
from engine.stages.terms import TermsParams
from store.database.connection import Database
from store.detectors import DetectorRow, find_contestant, list_contestants
from store.evaluations import list_evaluations
from store.observed import (
    Selection,
    list_selections,
    read_selected,
    select_observed,
    unclustered_answers,
)
from store.taking import Meaning, Rows, Scored, draw_production, has_verdicts
from store.thresholds import find_threshold
from tui.services.errors import NothingToDo
from tui.services.jobs.observed import draft_observed
from tui.services.results.flaggers import require_production
from tui.services.settings import Task
from tui.services.workspace import Workspace

LIMIT: Final = 5_000  # rows of a selection, unless more are asked for
PURPOSE: Final = "patterns"
STAGE: Final = "terms"


@dataclass(frozen=True, slots=True)
class PatternsRequest:
    """Which rows of a dataset to group; `k` clusters a verdict, None for the workspace's number.

    With `detector`, its newest evaluation takes the place of the verdicts in the log.
    """

    dataset: str
    rows: Rows = "flagged"
    detector: str | None = None
    k: int | None = None
    limit: int = LIMIT
    seed: int = 0


@dataclass(frozen=True, slots=True)
class PatternsDraft:
    """The job of a selection: its `rows`, of as many as `waiting` ones it was drawn from."""

    draft: JobDraft
    selection_id: str
    rows: int
    waiting: int


def draft_patterns(
    workspace: Workspace, database: Database, request: PatternsRequest
) -> PatternsDraft:
    """Select rows that no selection has, and draft the job that predicts, clusters and names them.

    A selection whose job did not come to its end is drafted again first, with its own `k`.
    Raises NothingToDo where no such row is left, or no evaluation says which these are, and
    UnknownName where the dataset is not of production.
    """
    require_production(database, request.dataset)
    for selection in list_selections(database, request.dataset):
        if selection.purpose == PURPOSE and (left := _unfinished(workspace, database, selection)):
            return left
    by_log = request.detector is None and has_verdicts(database, request.dataset)
    scored, detector = None, None
    if request.rows == "unsure" or not by_log:
        scored, detector = _find_scored(workspace, database, request)
    taken = draw_production(
        database,
        request.dataset,
        request.rows,
        meaning_of(workspace.task),
        scored,
        by_log=by_log,
        limit=request.limit,
        seed=request.seed,
    )
    if taken.rows.is_empty():
        raise NothingToDo(_nothing_left(request))
    k = request.k or workspace.settings.clusters.k
    teller = None if by_log else detector
    settings = {
        "rows": request.rows, "k": k, "limit": request.limit, "seed": request.seed,
        "waiting": taken.waiting, "detector_id": teller.detector_id if teller else None,
    }  # fmt: skip
    name = teller.name if teller else None
    selection_id = select_observed(database, request.dataset, PURPOSE, taken.rows, settings, name)
    answer_ids = read_selected(database, selection_id)["answer_id"].to_list()
    draft = draft_selection(workspace, database, answer_ids, k)
    return PatternsDraft(draft, selection_id, taken.rows.height, taken.waiting)


def meaning_of(task: Task) -> Meaning:
    """What verdicts say, as labels of a task."""
    positives = tuple(label.name for label in task.label if label.positive)
    return Meaning(positives, next(label.name for label in task.label if not label.positive))


def _unfinished(
    workspace: Workspace, database: Database, selection: Selection
) -> PatternsDraft | None:
    """The job of a selection of which rows are in no cluster, and could be; None without any."""
    answers = read_selected(database, selection.selection_id)["answer_id"]
    waiting = unclustered_answers(database, answers)
    if waiting.is_empty():
        return None
    try:
        draft = draft_selection(workspace, database, waiting.to_list(), selection.settings["k"])
    except NothingToDo:  # they have no words, or could not be predicted
        return None
    return PatternsDraft(draft, selection.selection_id, waiting.len(), waiting.len())


def draft_selection(
    workspace: Workspace, database: Database, answer_ids: Sequence[str], k: int
) -> JobDraft:
    """The job that predicts, clusters and names selected answers. Raises as `draft_observed`."""
    draft = draft_observed(workspace, database, answer_ids, k)
    answers = next(stage.tables["answers"] for stage in draft.planned if stage.name == "cluster")
    draft.add(PlannedStage(STAGE, TermsParams(), answers.height, {"answers": answers}))
    return draft


def _find_scored(
    workspace: Workspace, database: Database, request: PatternsRequest
) -> tuple[Scored | None, DetectorRow | None]:
    """The newest evaluation on the dataset: of the detector that was named, or the newest one.

    None where there is none and all rows are wanted. Raises NothingToDo where it would say which.
    """
    contestants = {item.detector_id: item for item in list_contestants(database)}
    evaluations = list_evaluations(database, request.dataset)
    if request.detector is not None:
        wanted = find_contestant(database, request.detector)
        evaluations = [item for item in evaluations if item.detector_id == wanted.detector_id]
    else:
        evaluations = [
            item for item in evaluations if not contestants[item.detector_id].is_baseline
        ]
    if not evaluations:
        if request.rows == "all" and request.detector is None:
            return None, None
        raise NothingToDo(
            f"{request.detector or 'No detector'} was {'not ' if request.detector else ''}run on "
            f"{request.dataset!r}, and its log does not say which rows are {request.rows}. "
            f"`backquery evaluate {request.detector or 'NAME'} --on {request.dataset}` makes a "
            "detector say so; `--rows all` takes any row."
        )
    detector = contestants[evaluations[-1].detector_id]
    if request.rows == "unsure" and detector.is_language_model:
        raise NothingToDo(
            f"{detector.name} gives no probabilities, so nothing says how sure it is."
        )
    positives = workspace.task.positives
    places = tuple(place for place, name in enumerate(detector.labels) if name in positives)
    chosen = find_threshold(database, detector.detector_id)
    threshold = chosen.threshold if chosen else None
    return Scored(evaluations[-1].evaluation_id, places, threshold), detector


def _nothing_left(request: PatternsRequest) -> str:
    said = {"all": "", "unsure": ""}.get(request.rows, f" that was {request.rows}")
    return f"No row of {request.dataset!r}{said} is left that was not selected before."
