"""Where the positive probability of a detector is cut; nothing chosen is ever changed."""

from dataclasses import dataclass

from store.database.connection import Database
from store.database.served import served


@dataclass(frozen=True, slots=True)
class ChosenThreshold:
    """A threshold from 0 to 1, the rule it was chosen by, and the dataset, if it was by one."""

    threshold: float
    rule: str
    dataset: str | None


@served
def add_threshold(
    database: Database, detector_id: str, threshold: float | None, rule: str, dataset: str | None
) -> None:
    """Choose a threshold for a detector; None is the most probable label again."""
    with database.write() as cursor:
        cursor.execute(
            "INSERT INTO thresholds BY NAME SELECT ? AS detector_id, ? AS threshold, ? AS rule, "
            "? AS dataset, ? AS chosen_at",
            [detector_id, threshold, rule, dataset, database.now()],
        )


@served
def find_threshold(database: Database, detector_id: str) -> ChosenThreshold | None:
    """The threshold that counts now; None if the most probable label does."""
    with database.read() as cursor:
        rows = cursor.rows(
            """SELECT threshold, rule, dataset FROM thresholds WHERE detector_id = ?
            ORDER BY threshold_id DESC LIMIT 1""",
            [detector_id],
        )
    return ChosenThreshold(*rows[0]) if rows and rows[0][0] is not None else None
