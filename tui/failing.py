"""The rows of an evaluation that have no prediction, in the shape in which `--json` prints them."""

from dataclasses import asdict
from typing import Any, Final

from store.database import Database
from store.evaluations import failed_rows, list_evaluations

SHOWN: Final = 5


def failure_figures(database: Database, dataset: str, detector_id: str) -> dict[str, Any]:
    """Return how many rows of a detector's newest evaluation have no prediction, and the first."""
    (evaluation,) = (
        item for item in list_evaluations(database, dataset) if item.detector_id == detector_id
    )
    failed = failed_rows(database, evaluation.evaluation_id)
    return {
        "n": len(failed),
        "of": evaluation.n,
        "first": [asdict(row) for row in failed[:SHOWN]],
    }
