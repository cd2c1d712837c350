"""The job that measures how the traffic of guards changed from period to period."""

from datetime import UTC, datetime, tzinfo
from itertools import pairwise
from typing import Final

import polars as pl

from engine.jobs.draft import JobDraft, PlannedStage
from engine.stages.traffic import TrafficParams, digest_rows
from store.database.connection import Database
from store.interventions import hours_logged
from store.traffic import draw_texts, list_traffic
from tui.services.errors import NothingToDo
from tui.services.periods import MOST, Length, begins_of
from tui.services.workspace import Workspace

STAGE: Final = "traffic"
TEXTS_EACH: Final = 200  # of a period: twelve thousand of MOST take some minutes on two cores

Pair = tuple[datetime, datetime]


def draft_traffic(
    workspace: Workspace, database: Database, dataset: str, by: Length, zone: tzinfo | None = None
) -> JobDraft:
    """The job that compares the newest periods, at most MOST, each with the one before.

    Pairs of which the same rows were compared before are left out. Raises NothingToDo if none is
    left, or fewer than two periods have texts.
    """
    hours = [hour.replace(tzinfo=UTC) for hour in hours_logged(database, dataset)]
    begins = sorted(begins_of(hours, by, zone))
    texts = draw_texts(database, dataset, begins, TEXTS_EACH)
    known = texts["begin"].unique(maintain_order=True).to_list()[-MOST:]
    if len(known) < 2:
        raise NothingToDo(
            f"The texts of {dataset!r} are not of two {by}s, so none can be compared with those "
            "before it."
        )
    params = TrafficParams(
        dataset=dataset,
        period=by,
        pairs=tuple(pairwise(known)),
        encoder=workspace.settings.queries.encoder,
        seed=workspace.settings.seed,
    )
    due = _due_pairs(database, texts, params)
    if not due:
        raise NothingToDo(f"How the traffic of {dataset!r} changed by {by} was measured already.")
    needed = texts.filter(pl.col("begin").is_in([begin for pair in due for begin in pair]))
    params = params.model_copy(update={"pairs": due})
    rows = needed.filter(pl.col("begin").is_in([begin for _, begin in due])).height
    return JobDraft([PlannedStage(STAGE, params, rows, {"traffic_texts": needed})])


def _due_pairs(database: Database, texts: pl.DataFrame, params: TrafficParams) -> tuple[Pair, ...]:
    """The pairs whose rows were not compared as they would be now."""
    ids = {
        key[0]: rows["sample_id"].to_list()
        for key, rows in texts.partition_by("begin", as_dict=True).items()
    }
    done = {
        (figure.begin, figure.rows_digest)
        for figure in list_traffic(database, params.dataset)
        if (figure.period, figure.config) == (params.period, params.config)
    }
    return tuple(
        (before, begin)
        for before, begin in params.pairs
        if (begin, digest_rows(ids[before], ids[begin])) not in done
    )
