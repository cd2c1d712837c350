"""Evaluations: what detectors said of the rows of a dataset."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from store.database import Cursor, Database

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One detector judged on one dataset: how often which label was predicted for which."""

    evaluation_id: str
    detector_id: str
    detector: str
    recipe: str
    dataset: str
    n: int
    confusion: dict[tuple[str, str | None], int]  # (label, prediction) -> rows; None failed


def list_evaluations(database: Database, dataset: str | None = None) -> list[Evaluation]:
    """Return the newest evaluation of each detector on each dataset, oldest detector first."""
    with database.read() as cursor:
        rows = cursor.rows(
            """SELECT e.evaluation_id, e.detector_id, d.name, d.recipe, e.dataset
            FROM evaluations e JOIN detectors d USING (detector_id)
            WHERE ? IS NULL OR e.dataset = ?
            QUALIFY row_number() OVER (
                PARTITION BY e.detector_id, e.dataset ORDER BY e.evaluated_at DESC) = 1
            ORDER BY d.created_at, d.detector_id, e.dataset""",
            [dataset, dataset],
        )
        return [_evaluation(cursor, row) for row in rows]


def _evaluation(cursor: Cursor, row: Sequence[Any]) -> Evaluation:
    evaluation_id, detector_id, name, recipe, dataset = row
    counted = cursor.rows(
        """SELECT label, predicted_label, count(*) FROM evaluation_rows
        WHERE evaluation_id = ? GROUP BY ALL ORDER BY ALL""",
        [evaluation_id],
    )
    confusion = {(label, predicted): rows for label, predicted, rows in counted}
    return Evaluation(
        evaluation_id, detector_id, name, recipe, dataset, sum(confusion.values()), confusion
    )


def read_judged(database: Database, evaluation_id: str) -> "pl.DataFrame":
    """Return the rows of an evaluation by id: sample_id, label, predicted_label, probabilities.

    A failed row has neither prediction nor probabilities, which are in the order of the
    detector's labels.
    """
    with database.read() as cursor:
        return cursor.frame(
            """SELECT sample_id, label, predicted_label, probabilities FROM evaluation_rows
            WHERE evaluation_id = ? ORDER BY sample_id""",
            [evaluation_id],
        )
