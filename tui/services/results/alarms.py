"""Alarms on production: how often a detector flags, where few or no rows have a label."""

from collections.abc import Sequence
from typing import Any

from engine.statistics.measures import wilson
from store.database.connection import Database
from store.datasets import require_dataset
from store.thresholds import find_threshold
from tui.services.results.evaluations import Judged, read_evaluations
from tui.services.workspace import Workspace


def alarm_figures(
    workspace: Workspace,
    database: Database,
    dataset: str,
    detector_ids: Sequence[str] | None = None,
) -> list[dict[str, Any]]:
    """Return the alarms of each detector judged on a dataset of production; none on any other.

    A failed row raises no alarm and counts among the n texts. A chosen threshold counts.
    """
    if "production" not in require_dataset(database, dataset).roles:
        return []
    return [
        _alarms(workspace, database, item)
        for item in read_evaluations(workspace, database, dataset, detector_ids)
    ]


def _alarms(workspace: Workspace, database: Database, judged: Judged) -> dict[str, Any]:
    import polars as pl

    chosen = find_threshold(database, judged.evaluation.detector_id)
    is_flagged = (
        pl.col("probability") >= chosen.threshold
        if chosen
        else pl.col("predicted_label").is_in(sorted(workspace.task.positives))
    )
    frame = judged.frame.with_columns(is_flagged=is_flagged.fill_null(False))
    flagged, n = int(frame["is_flagged"].sum()), frame.height
    negatives = frame.filter(pl.col("is_positive").eq(False))
    share = wilson(flagged, n)
    rate = wilson(int(negatives["is_flagged"].sum()), negatives.height)
    return {
        "detector": judged.evaluation.detector,
        "detector_id": judged.evaluation.detector_id,
        "evaluation_id": judged.evaluation.evaluation_id,
        "n": n,
        "failed": frame["predicted_label"].null_count(),
        "threshold": chosen.threshold if chosen else None,
        "flagged": flagged,
        "share": share.value if share else None,
        "per_1000": 1000 * share.value if share else None,
        "interval": [1000 * share.low, 1000 * share.high] if share else None,
        "labelled_negatives": negatives.height,
        "fpr": rate.value if rate else None,
        "fpr_interval": [rate.low, rate.high] if rate else None,
    }
