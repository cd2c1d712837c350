"""Which rows of production are flagged, and how near to it the others are: as one query.

It is the log of the guard that was deployed that says so, or the evaluation of a detector.
"""

from dataclasses import dataclass
from typing import Final

from store.database.connection import Database
from store.database.cursor import Cursor, Value
from store.database.served import served


@dataclass(frozen=True, slots=True)
class Flagging:
    """What flags rows of a dataset: a detector's evaluation, or the guard where there is None.

    A detector flags from its threshold on, or else what it predicts to be one of the `positives`.
    `scores` names the evaluation that scores the rows where the guard's log has no scores.
    """

    dataset: str
    evaluation_id: str | None
    positives: tuple[str, ...]
    threshold: float | None = None
    scores: str | None = None


@dataclass(frozen=True, slots=True)
class LogScores:
    """Rows of a log that have a verdict, and those of them with a score, and without a text.

    `guards` counts the guards that judged them, each version for itself.
    """

    verdicts: int
    scored: int
    without_text: int
    guards: int


@served
def count_verdicts(database: Database, dataset: str) -> LogScores:
    """How much the guard's log of a dataset says."""
    with database.read() as cursor:
        row = cursor.one(
            """SELECT count(*), count(score), count(missing),
                count(DISTINCT concat_ws(' ', guard, guard_version))
            FROM log_records WHERE dataset = ? AND verdict IS NOT NULL""",
            [dataset],
        )
    return LogScores(*row)


def flagging_query(cursor: Cursor, flagging: Flagging) -> tuple[str, list[Value]]:
    """A query of sample_id, is_flagged and score, and its values: one row for each text.

    A guard or detector that failed on a text flagged nothing, and gave it no score. Rows on which
    no guard spoke are not among them, nor records of a log without text.
    """
    if flagging.evaluation_id is not None:
        return _of_detector(cursor, flagging)
    if flagging.scores is None:
        return _GUARD.format(score="score", scores=""), [flagging.dataset]
    scores, values = _of_detector(cursor, Flagging(flagging.dataset, flagging.scores,
                                                   flagging.positives))  # fmt: skip
    joined = f"LEFT JOIN ({scores}) e ON e.sample_id = record_id"
    return _GUARD.format(score="e.score", scores=joined), [*values, flagging.dataset]


_GUARD: Final = """
SELECT record_id AS sample_id, verdict = 'flagged' AS is_flagged,
       CASE WHEN verdict <> 'failed' THEN {score} END AS score
FROM log_records {scores} WHERE dataset = ? AND verdict IS NOT NULL AND missing IS NULL
"""
_DETECTOR: Final = """
SELECT sample_id, score,
       coalesce(CASE WHEN ?::DOUBLE IS NULL THEN list_contains(?::VARCHAR[], predicted_label)
                     ELSE score >= ?::DOUBLE END, false) AS is_flagged
FROM (SELECT sample_id, predicted_label, {score} AS score
      FROM evaluation_rows WHERE evaluation_id = ?)
"""


def _of_detector(cursor: Cursor, flagging: Flagging) -> tuple[str, list[Value]]:
    labels = cursor.rows(
        """SELECT d.labels FROM evaluations e JOIN detectors d USING (detector_id)
        WHERE e.evaluation_id = ?""",
        [flagging.evaluation_id],
    )
    places = [
        place for place, label in enumerate(labels[0][0], start=1) if label in flagging.positives
    ]
    score = " + ".join(f"probabilities[{place:d}]::DOUBLE" for place in places)
    cut, positives = flagging.threshold, list(flagging.positives)
    sql = _DETECTOR.format(score=score)
    return sql, [cut, positives, cut, flagging.evaluation_id]
