"""Alarms on production: how often a detector flags, where few or no rows have a label."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from engine.statistics.estimate import Estimate
from engine.statistics.measures import wilson
from store.database.connection import Database
from store.datasets import require_dataset
from store.thresholds import find_threshold
from tui.services.results.evaluations import EvaluatedRows, read_evaluations
from tui.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Alarms:
    """How many of `n` texts a detector flags, from its threshold on if one is chosen.

    `fpr` is over the rows labelled negative. A failed row raises no alarm and is one of the n.
    """

    detector: str
    detector_id: str
    evaluation_id: str
    n: int
    failed: int
    threshold: float | None
    flagged: int
    share: Estimate | None
    per_1000: Estimate | None
    labelled_negatives: int
    fpr: Estimate | None


def count_alarms(
    workspace: Workspace,
    database: Database,
    dataset: str,
    detector_ids: Sequence[str] | None = None,
) -> tuple[Alarms, ...]:
    """The alarms of each detector evaluated on a dataset of production; none on any other."""
    if "production" not in require_dataset(database, dataset).roles:
        return ()
    return tuple(
        _count(workspace, database, item)
        for item in read_evaluations(workspace, database, dataset, detector_ids)
    )


def _count(workspace: Workspace, database: Database, evaluated: EvaluatedRows) -> Alarms:
    evaluation = evaluated.evaluation
    chosen = find_threshold(database, evaluation.detector_id)
    is_flagged = (
        pl.col("probability") >= chosen.threshold
        if chosen
        else pl.col("predicted_label").is_in(sorted(workspace.task.positives))
    )
    frame = evaluated.frame.with_columns(is_flagged=is_flagged.fill_null(False))
    flagged, n = int(frame["is_flagged"].sum()), frame.height
    negatives = frame.filter(pl.col("is_positive").eq(False))
    share = wilson(flagged, n)
    return Alarms(
        detector=evaluation.detector,
        detector_id=evaluation.detector_id,
        evaluation_id=evaluation.evaluation_id,
        n=n,
        failed=frame["predicted_label"].null_count(),
        threshold=chosen.threshold if chosen else None,
        flagged=flagged,
        share=share,
        per_1000=_times(1000, share) if share else None,
        labelled_negatives=negatives.height,
        fpr=wilson(int(negatives["is_flagged"].sum()), negatives.height),
    )


def _times(factor: int, share: Estimate) -> Estimate:
    return Estimate(factor * share.value, (factor * share.low, factor * share.high), share.n)
