"""The slices of an evaluation: where a detector errs, in the shape in which `--json` prints it."""

from typing import Any

from engine.statistics.estimate import Estimate
from engine.statistics.slices import SliceRow, measure_slices
from store.database.connection import Database
from store.evaluations import list_evaluations, read_judged_texts
from tui.services.workspace import Workspace


def slice_figures(
    workspace: Workspace, database: Database, dataset: str, detector_id: str
) -> list[dict[str, Any]]:
    """Return the slices of a detector's newest evaluation, of labelled rows, the worst first."""
    rows = [
        SliceRow(*row)
        for evaluation in list_evaluations(database, dataset)
        if evaluation.detector_id == detector_id
        for row in read_judged_texts(database, evaluation.evaluation_id)
    ]
    return [
        {
            "by": item.dimension,
            "slice": item.value,
            "n": item.n,
            "accuracy": item.accuracy.value,
            "f1": item.f1.value if item.f1 else None,
            "intervals": {"accuracy": _ends(item.accuracy), "f1": _ends(item.f1)},
            "few": item.is_few,
        }
        for item in measure_slices(rows, workspace.task.positives)
    ]


def _ends(estimate: Estimate | None) -> list[float] | None:
    return [estimate.low, estimate.high] if estimate else None
