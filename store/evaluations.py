"""Evaluations: what detectors predicted for the rows of a dataset."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from store.bases import BASELINES
from store.database.connection import Database
from store.database.cursor import Cursor
from store.database.served import served
from store.detectors import INITIAL
from store.development import DEVELOPMENT
from store.ids import benchmark_digest, evaluation_id


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One detector evaluated on one dataset: how often which label was predicted for which.

    A label of None is a row of production without one, a prediction of None a failed row.
    """

    evaluation_id: str
    detector_id: str
    detector: str
    recipe: str
    dataset: str
    n: int
    confusion: dict[tuple[str | None, str | None], int]  # (label, prediction) -> rows


@served
def list_evaluations(database: Database, dataset: str | None = None) -> list[Evaluation]:
    """The newest evaluation of each detector on each dataset, oldest detector first.

    One that has a row which the dataset no longer has, or has under another label, does not count.
    """
    with database.read() as cursor:
        rows = cursor.rows(
            """SELECT e.evaluation_id, e.detector_id, d.name, d.recipe, e.dataset
            FROM evaluations e JOIN detectors d USING (detector_id)
            WHERE (? IS NULL OR e.dataset = ?) AND e.evaluation_id NOT IN (
                SELECT r.evaluation_id FROM evaluation_rows r
                JOIN evaluations o USING (evaluation_id) LEFT JOIN samples s USING (sample_id)
                WHERE s.dataset IS DISTINCT FROM o.dataset OR s.label IS DISTINCT FROM r.label)
            QUALIFY row_number() OVER (
                PARTITION BY e.detector_id, e.dataset ORDER BY e.evaluated_at DESC) = 1
            ORDER BY d.created_at, d.detector_id, e.dataset""",
            [dataset, dataset],
        )
        return [_evaluation(cursor, row) for row in rows]


@served
def unevaluated_detectors(database: Database) -> tuple[str, ...]:
    """Names of the detectors of recipes that were evaluated on nothing, oldest first."""
    with database.read() as cursor:
        rows = cursor.rows(
            """SELECT name FROM detectors d
            WHERE recipe <> ? AND NOT starts_with(base, ?) AND NOT starts_with(base, ?)
              AND NOT starts_with(base, ?)
            AND NOT EXISTS (SELECT 1 FROM evaluations e
                            WHERE e.detector_id = d.detector_id AND e.dataset <> ?)
            ORDER BY created_at, detector_id""",
            [INITIAL, *BASELINES, DEVELOPMENT],
        )
    return tuple(name for (name,) in rows)


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


def restamp(cursor: Cursor, dataset: str) -> None:
    """Make the evaluations of a dataset, whose rows have changed, those of its rows as they are.

    Rows that no longer count for evaluation are left out. The newest evaluation of each detector
    gets the id of the dataset's present rows, so that only rows it lacks are evaluated.
    """
    found = cursor.rows(
        """SELECT evaluation_id, detector_id FROM evaluations WHERE dataset = ?
        QUALIFY row_number() OVER (PARTITION BY detector_id ORDER BY evaluated_at DESC) = 1""",
        [dataset],
    )
    if not found:
        return
    counted = """SELECT sample_id FROM samples WHERE dataset = ? AND (label IS NOT NULL
        OR dataset IN (SELECT dataset FROM dataset_roles WHERE role = 'production'))"""
    cursor.execute(
        f"""DELETE FROM evaluation_rows WHERE sample_id NOT IN ({counted})
        AND evaluation_id IN (SELECT evaluation_id FROM evaluations WHERE dataset = ?)""",
        [dataset, dataset],
    )
    rows = cursor.frame(
        f"SELECT sample_id, label FROM samples WHERE sample_id IN ({counted})", [dataset]
    )
    digest = benchmark_digest(rows)
    for old, detector_id in found:
        new = evaluation_id(detector_id, dataset, digest)
        taken = cursor.number("SELECT count(*) FROM evaluations WHERE evaluation_id = ?", [new])
        for table in ("evaluations", "evaluation_rows") if not taken else ():
            cursor.execute(
                f"UPDATE {table} SET evaluation_id = ? WHERE evaluation_id = ?", [new, old]
            )


@served
def extend_evaluations(database: Database, dataset: str) -> None:
    """Make the evaluations of a dataset that has grown those of its rows, though they lack some.

    What a detector predicted for a row does not depend on others, so only the new ones are due.
    """
    with database.write() as cursor:
        restamp(cursor, dataset)


@served
def evaluated_sample_ids(
    database: Database, evaluation_id: str, *, but_unanswered: bool = False
) -> list[str]:
    """The rows that an evaluation has, by id, or only those with a prediction or a reply."""
    with database.read() as cursor:
        rows = cursor.rows(
            """SELECT sample_id FROM evaluation_rows
            WHERE evaluation_id = ?
              AND (NOT ? OR predicted_label IS NOT NULL OR reply IS NOT NULL)
            ORDER BY sample_id""",
            [evaluation_id, but_unanswered],
        )
    return [sample_id for (sample_id,) in rows]


@served
def read_evaluated(database: Database, evaluation_id: str) -> pl.DataFrame:
    """The rows of an evaluation by id: sample_id, label, predicted_label, probabilities.

    A failed row has neither prediction nor probabilities, which are in the order of the
    detector's labels.
    """
    with database.read() as cursor:
        return cursor.frame(
            """SELECT sample_id, label, predicted_label, probabilities FROM evaluation_rows
            WHERE evaluation_id = ? ORDER BY sample_id""",
            [evaluation_id],
        )


@dataclass(frozen=True, slots=True)
class FailedRow:
    """A row without a prediction: why, and what a language model replied in place of a label."""

    sample_id: str
    error: str | None
    reply: str | None


@served
def failed_rows(database: Database, evaluation_id: str) -> list[FailedRow]:
    """The rows of an evaluation that have no prediction, by id."""
    with database.read() as cursor:
        rows = cursor.rows(
            """SELECT sample_id, error, reply FROM evaluation_rows
            WHERE evaluation_id = ? AND predicted_label IS NULL ORDER BY sample_id""",
            [evaluation_id],
        )
    return [FailedRow(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class FlaggedRow:
    """A row that a detector flagged, with its positive probability, and its label if it has one."""

    sample_id: str
    text: str
    label: str | None
    probability: float


@served
def flagged_rows(
    database: Database,
    evaluation_id: str,
    positives: Collection[str],
    *,
    threshold: float | None = None,
    limit: int = 100,
    offset: int = 0,
) -> list[FlaggedRow]:
    """A page of what was flagged, the most certain first.

    Flagged is what has a positive prediction, or from a threshold on a positive probability.
    """
    with database.read() as cursor:
        labels = cursor.rows(
            """SELECT d.labels FROM evaluations e JOIN detectors d USING (detector_id)
            WHERE e.evaluation_id = ?""",
            [evaluation_id],
        )
        places = [place for place, label in enumerate(labels[0][0], start=1) if label in positives]
        share = " + ".join(["0", *(f"r.probabilities[{place}]::DOUBLE" for place in places)])
        rows = cursor.rows(
            f"""SELECT r.sample_id, s.text, r.label, {share} AS probability
            FROM evaluation_rows r JOIN samples s USING (sample_id)
            WHERE r.evaluation_id = ? AND r.probabilities IS NOT NULL
              AND CASE WHEN ? IS NULL THEN list_contains(?, r.predicted_label)
                       ELSE {share} >= ? END
            ORDER BY probability DESC, r.sample_id LIMIT ? OFFSET ?""",
            [evaluation_id, threshold, sorted(positives), threshold, limit, offset],
        )
    return [FlaggedRow(*row) for row in rows]
