"""Rows of production as a queue of Label: chosen, selected, and made ready, one row a key.

Where a strategy needs vectors, a job makes them first. With these the same choices are gathered
again, the rows are selected, and a second job predicts and clusters them.
"""

import contextlib
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl

from engine.jobs.draft import JobDraft, PlannedStage
from engine.selection.choice import mix
from engine.spreading.model import Numbers
from engine.stages.vectors import VectorsParams
from store.database.connection import Database
from store.datasets import read_samples
from store.detectors import find_detector
from store.observed import (
    SELECTED,
    Selection,
    list_selections,
    read_selected,
    select_observed,
    unclustered_answers,
)
from store.queue import CHOSEN, DRAWN, PURPOSE, labelled_texts, list_queues
from store.schema import SAMPLES
from store.spaces import matrix_of
from store.taking import read_told
from tui.services.errors import DetectorMissing, NothingToDo
from tui.services.jobs.observed import draft_observed
from tui.services.jobs.patterns import meaning_of
from tui.services.jobs.queue_choice import Choices, QueueRequest, gather_choices, pick
from tui.services.jobs.sample_vectors import VectorsPlan, plan_sample_vectors
from tui.services.results.flaggers import require_production
from tui.services.workspace import Workspace

LABELLED: Final = 2_000  # texts, drawn at random, from which k-centre keeps away


@dataclass(frozen=True, slots=True, eq=False)
class QueuePlan:
    """What a queue is chosen from; `stage` makes vectors that are not there yet.

    The pool's rows at `places` have theirs in `vectors`, as have the `labelled` texts.
    """

    choices: Choices
    places: Numbers | None = None
    vectors: VectorsPlan | None = None
    labelled: tuple[str, ...] = ()

    @property
    def stage(self) -> PlannedStage | None:
        """The stage without which the strategy cannot choose."""
        return self.vectors.stage if self.vectors else None


@dataclass(frozen=True, slots=True)
class QueueDraft:
    """A queue that was selected, and the job that makes its rows ready to be labelled."""

    selection: Selection
    draft: JobDraft


def draft_unready(workspace: Workspace, database: Database, dataset: str) -> list[QueueDraft]:
    """The queues of which rows are not ready to be labelled, and could be; oldest first.

    Raises UnknownName for a dataset that is not there, or not of production.
    """
    require_production(database, dataset)
    found = []
    for selection in list_queues(database, dataset):
        answers = read_selected(database, selection.selection_id)["answer_id"]
        waiting = unclustered_answers(database, answers)
        with contextlib.suppress(NothingToDo):  # where they could not be predicted
            if not waiting.is_empty():
                found.append(QueueDraft(selection, _draft(workspace, database, waiting)))
    return found


def plan_queue(workspace: Workspace, database: Database, request: QueueRequest) -> QueuePlan:
    """What the rows of a queue are chosen from.

    Raises what `gather_choices` raises, and DetectorMissing for pairs where no detector embeds.
    """
    choices = gather_choices(database, request)
    places = choices.find_places(request)
    if places is None:
        return QueuePlan(choices)
    ids = [choices.pool[place] for place in places]
    samples = (
        read_samples(database, ids).drop("group_key").with_columns(dataset=pl.lit(request.dataset))
    )
    texts = [samples]
    if request.strategy == "k-centre":
        texts.append(labelled_texts(database, LABELLED, request.seed))
    asked = pl.concat(texts, how="diagonal").select(SAMPLES.names()).cast(SAMPLES)
    params = _vectors_params(workspace, database, request, choices)
    plan = plan_sample_vectors(workspace, params, asked)
    return QueuePlan(choices, places, plan, tuple(texts[-1]["sample_id"]) if texts[1:] else ())


def _vectors_params(
    workspace: Workspace, database: Database, request: QueueRequest, choices: Choices
) -> VectorsParams:
    """The encoder, or for pairs the detector, which knows of both texts."""
    encoder = workspace.settings.queries.encoder
    if not workspace.task.is_pair:
        return VectorsParams(encoder=encoder)
    named = [find_detector(database, name) for name in request.detectors]
    detectors = [*choices.detectors, *named]
    if not detectors:
        raise DetectorMissing(
            "The encoder knows of single texts only. In a task of pairs name a detector, whose "
            "embedding is of both: `--detector NAME`."
        )
    return VectorsParams(encoder=encoder, detector_id=detectors[0].detector_id)


def take_queue(
    workspace: Workspace, database: Database, request: QueueRequest, plan: QueuePlan
) -> QueueDraft:
    """Select the rows of a plan that has its vectors, and draft the job that makes them ready.

    Raises NothingToDo where no row can be chosen.
    """
    choices = plan.choices
    drawn = np.array(choices.drawn, dtype=object)
    chosen = np.array(_pick(request, plan), dtype=object)
    if not len(drawn) + len(chosen):
        raise NothingToDo(
            f"Of {choices.waiting:,} rows that wait in {request.dataset!r} none has a prediction: "
            f"`backquery evaluate NAME --on {request.dataset}` computes them."
        )
    order, is_drawn = mix(np.arange(len(chosen)), np.arange(len(drawn)))
    ids = [str((drawn if random else chosen)[place])
           for place, random in zip(order, is_drawn, strict=True)]  # fmt: skip
    told = read_told(database, request.dataset, meaning_of(workspace.task), ids)
    rows = (
        pl.DataFrame({"sample_id": ids, "stratum": np.where(is_drawn, DRAWN, CHOSEN)})
        .join(told, on="sample_id", how="left", maintain_order="left")
        .select(SELECTED.names())
        .cast(SELECTED)
    )
    settings = _settings(request, choices)
    selection_id = select_observed(database, request.dataset, PURPOSE, rows, settings)
    (selection,) = [item for item in list_selections(database) if item.selection_id == selection_id]
    answers = read_selected(database, selection_id)["answer_id"]
    return QueueDraft(selection, _draft(workspace, database, answers))


def _pick(request: QueueRequest, plan: QueuePlan) -> tuple[str, ...]:
    choices = plan.choices
    if request.budget <= len(choices.drawn) or not choices.pool:
        return ()
    if plan.vectors is None or plan.places is None:
        return pick(request, choices, None, None, None)
    known = plan.vectors.known.filter(pl.col("error").is_null()).select("sample_id", "vector")
    ids = pl.DataFrame({"sample_id": [choices.pool[place] for place in plan.places]})
    located = ids.with_columns(place=pl.Series(plan.places)).join(
        known, on="sample_id", maintain_order="left"
    )
    labelled = known.filter(pl.col("sample_id").is_in(plan.labelled))
    return pick(
        request,
        choices,
        located["place"].to_numpy(),
        matrix_of(located["vector"]),
        matrix_of(labelled["vector"]) if labelled.height else None,
    )


def _settings(request: QueueRequest, choices: Choices) -> dict[str, Any]:
    return {
        "strategy": request.strategy,
        "budget": request.budget,
        "drawn": len(choices.drawn),
        "waiting": choices.waiting,
        "detector_ids": [item.detector_id for item in choices.detectors],
        "seed": request.seed,
    }


def _draft(workspace: Workspace, database: Database, answers: pl.Series) -> JobDraft:
    """The job that gives each of these answers a cluster of its own."""
    return draft_observed(workspace, database, answers.to_list(), max(len(answers), 1))
