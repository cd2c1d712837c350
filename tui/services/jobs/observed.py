"""The job that makes selected rows of production ready to be labelled: predicted and clustered."""

from collections.abc import Sequence
from typing import Final

import polars as pl

from engine.jobs.draft import JobDraft
from engine.jobs.due import RunPlan, plan_stages
from store.database.connection import Database
from store.observed import unclustered_answers
from store.pairs import Draw
from tui.services.errors import DetectorMissing, NothingToDo
from tui.services.jobs.initial import Initial
from tui.services.jobs.stored import DrawnRows
from tui.services.workspace import Workspace

_STAGES: Final = ("predict", "cluster")


def draft_observed(
    workspace: Workspace, database: Database, answer_ids: Sequence[str], k: int
) -> JobDraft:
    """The job that predicts and clusters observed answers by themselves, in `k` clusters a verdict.

    With `k` as high as there are answers, each gets a cluster of its own. An answer that is in an
    active cluster stays there. The initial detector embeds; where there is none, the job trains it
    first, and where clusters need an encoder's vectors, they are made. Raises NothingToDo where
    every answer is in a cluster, and DetectorMissing where nothing can be predicted.
    """
    waiting = unclustered_answers(database, pl.Series(list(answer_ids), dtype=pl.String))
    if waiting.is_empty():
        raise NothingToDo("Every one of these rows of production is in a cluster already.")
    run = RunPlan(
        named=_STAGES,
        retry_errors=False,
        workspace=workspace,
        stored=DrawnRows(database, Draw(), observed=waiting),
        initial=Initial(workspace, database),
        k=k,
    )
    plan_stages(run)
    if run.draft.remarks:
        raise DetectorMissing(" ".join(run.draft.remarks))
    if not run.draft.planned:
        raise NothingToDo("None of these rows of production has words to be clustered by.")
    return run.draft
