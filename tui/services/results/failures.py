"""The rows of an evaluation that have no prediction."""

from dataclasses import dataclass
from typing import Final

from store.database.connection import Database
from store.detectors import find_contestant
from store.evaluations import FailedRow, failed_rows, list_evaluations

SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Failures:
    """How many `of` the rows have no prediction, and the first of them.

    `without_reply` counts those that a language model can be asked about again.
    """

    n: int
    of: int
    without_reply: int
    first: tuple[FailedRow, ...]


def find_failures(database: Database, dataset: str, detector_id: str) -> Failures:
    """The failures of a detector's newest evaluation on a dataset."""
    (evaluation,) = (
        item for item in list_evaluations(database, dataset) if item.detector_id == detector_id
    )
    failed = failed_rows(database, evaluation.evaluation_id)
    is_language_model = find_contestant(database, detector_id).is_language_model
    return Failures(
        n=len(failed),
        of=evaluation.n,
        without_reply=sum(row.reply is None for row in failed) if is_language_model else 0,
        first=tuple(failed[:SHOWN]),
    )
