"""The rows of an evaluation that have no prediction, in the shape in which `--json` prints them."""

from dataclasses import asdict
from typing import Any, Final

from store.database.connection import Database
from store.detectors import find_contestant
from store.evaluations import failed_rows, list_evaluations

SHOWN: Final = 5


def failure_figures(database: Database, dataset: str, detector_id: str) -> dict[str, Any]:
    """Return how many rows of a detector's newest evaluation have no prediction, and the first.

    `without_reply` counts those that a language model can be asked about again.
    """
    (evaluation,) = (
        item for item in list_evaluations(database, dataset) if item.detector_id == detector_id
    )
    failed = failed_rows(database, evaluation.evaluation_id)
    is_judge = find_contestant(database, detector_id).is_judge
    return {
        "n": len(failed),
        "of": evaluation.n,
        "without_reply": sum(row.reply is None for row in failed) if is_judge else 0,
        "first": [asdict(row) for row in failed[:SHOWN]],
    }
