"""Patterns with their corrections, and those that a person approved.

Of an answer's candidates the best is shown and exported: of those kept, the one whose BERTScore
against the prompt is highest, then the one that the detector finds least positive. Approval holds
for what was seen: a candidate that comes later waits to be approved.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import polars as pl

from store.corrections import RIGHT_ALARMS
from store.database.connection import Database
from store.database.cursor import Value
from store.database.served import served

# Kept candidates of right alarms in patterns, the best of each answer first.
_KEPT: Final = f"""{RIGHT_ALARMS},
kept AS (
    SELECT r.*, c.correction_id, c.text AS correction, c.model, c.detector_id, c.probability, c.f1,
           c.floor, c.taken_at, a.annotator, a.approved_at,
           coalesce(c.taken_at <= a.seen_until, false) AS is_approved
    FROM right_alarms r JOIN corrections c USING (answer_id)
    LEFT JOIN approved_clusters a USING (cluster_id)
    WHERE c.error IS NULL AND r.prompt IS NOT NULL AND r.cluster_id IS NOT NULL)"""
_BEST_FIRST: Final = "f1 DESC, probability, correction_id"


@dataclass(frozen=True, slots=True)
class CorrectedPattern:
    """A pattern of which answers were corrected: how many, and for how many that is approved.

    `seen_until` is when the newest of its corrections came.
    """

    cluster_id: str
    label: str
    size: int
    representative: str
    corrected: int
    approved: int
    seen_until: datetime

    @property
    def is_approved(self) -> bool:
        """Whether the best correction of each of its answers is approved."""
        return self.approved == self.corrected


@served
def list_patterns(
    database: Database, positives: frozenset[str], dataset: str | None
) -> list[CorrectedPattern]:
    """The patterns with corrections, those that wait first, then those with most corrections."""
    values: list[Value] = [sorted(positives), dataset]
    with database.read() as cursor:
        rows = cursor.rows(
            f"""WITH {_KEPT},
            best AS (
                SELECT *, max(taken_at) OVER (PARTITION BY cluster_id) AS newest FROM kept
                QUALIFY row_number() OVER (PARTITION BY answer_id ORDER BY {_BEST_FIRST}) = 1)
            SELECT cluster_id, any_value(b.label), any_value(c.size),
                   any_value(c.representative), count(*) AS corrected,
                   count(*) FILTER (is_approved) AS approved, max(newest)
            FROM best b JOIN clusters c USING (cluster_id) GROUP BY cluster_id
            ORDER BY approved = corrected, corrected DESC, cluster_id""",
            values,
        )
    return [CorrectedPattern(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Correction:
    """An answer that was rightly flagged, and the best of its corrections.

    `probability` is that of all positive labels; `f1` and `floor` are BERTScores.
    """

    correction_id: str
    answer_id: str
    prompt: str
    context: str | None
    flagged: str
    label: str
    correction: str
    model: str
    probability: float
    f1: float
    floor: float
    is_approved: bool


@served
def read_corrections(
    database: Database, positives: frozenset[str], cluster_id: str
) -> list[Correction]:
    """The corrections of a pattern, one for each answer, those nearest to its centre first."""
    values: list[Value] = [sorted(positives), None, cluster_id]
    with database.read() as cursor:
        rows = cursor.rows(
            f"""WITH {_KEPT}
            SELECT correction_id, answer_id, prompt, context, text, label, correction, model,
                   probability, f1, floor, is_approved
            FROM kept WHERE cluster_id = $3
            QUALIFY row_number() OVER (PARTITION BY answer_id ORDER BY {_BEST_FIRST}) = 1
            ORDER BY rank, answer_id""",
            values,
        )
    return [Correction(*row) for row in rows]


APPROVED: Final = pl.Schema(
    {
        "answer_id": pl.String(),
        "correction_id": pl.String(),
        "cluster_id": pl.String(),
        "prompt": pl.String(),
        "context": pl.String(),
        "flagged": pl.String(),
        "correction": pl.String(),
        "model": pl.String(),
        "detector_id": pl.String(),
        "annotator": pl.String(),  # who approved it
    }
)


@served
def approved_corrections(
    database: Database, positives: frozenset[str], dataset: str | None = None
) -> pl.DataFrame:
    """The best approved correction of each prompt, and context, by their ids (schema APPROVED).

    Of answers to one prompt it is the best of all that were approved for any of them.
    """
    values: list[Value] = [sorted(positives), dataset]
    with database.read() as cursor:
        return cursor.frame(
            f"""WITH {_KEPT}
            SELECT answer_id, correction_id, cluster_id, prompt, context, text AS flagged,
                   correction, model, detector_id, annotator
            FROM kept WHERE is_approved
            QUALIFY row_number() OVER (
                PARTITION BY trim(prompt), context ORDER BY {_BEST_FIRST}) = 1
            ORDER BY answer_id""",
            values,
        ).cast(APPROVED)
