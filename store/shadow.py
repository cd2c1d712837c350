"""Two flaggings of the same rows of production: where they differ, and which rows are labelled."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

from store.database.connection import Database
from store.database.cursor import Cursor, Value
from store.database.served import served
from store.flagging import Flagging, flagging_query

Side = Literal["both", "new", "old", "neither"]  # what flags a row


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """A row that one of two flags: its texts, scores and cluster (None if it is in no pattern)."""

    sample_id: str
    text: str
    context: str | None
    new_score: float | None
    old_score: float | None
    cluster_id: str | None


# One row a text that both say something of, with the side that it is on.
_PAIRS: Final = """(
    SELECT n.sample_id, n.score AS new_score, o.score AS old_score,
           CASE WHEN n.is_flagged AND o.is_flagged THEN 'both' WHEN n.is_flagged THEN 'new'
                WHEN o.is_flagged THEN 'old' ELSE 'neither' END AS side
    FROM ({new}) n JOIN ({old}) o USING (sample_id))"""

# The pattern that a row is in: an active cluster of a selection for patterns.
_PATTERN_OF: Final = """
    SELECT a.sample_id, any_value(m.cluster_id) AS cluster_id
    FROM observed_answers a JOIN members m USING (answer_id) JOIN leaf_clusters k USING (cluster_id)
    JOIN clusterings g USING (clustering_id)
    WHERE g.active AND a.answer_id IN (
        SELECT answer_id FROM selected_answers JOIN selections USING (selection_id)
        WHERE purpose = 'patterns')
    GROUP BY a.sample_id"""


def _pairs(cursor: Cursor, new: Flagging, old: Flagging) -> tuple[str, list[Value]]:
    first, values = flagging_query(cursor, new)
    second, others = flagging_query(cursor, old)
    return _PAIRS.format(new=first, old=second), [*values, *others]


@served
def count_sides(
    database: Database, new: Flagging, old: Flagging, ends: Sequence[float], *, by_new: bool
) -> pl.DataFrame:
    """How many rows are on each side, by strata of the old's score, or the new's.

    `ends` are the upper ends of the strata, of which the last holds all higher scores too; rows
    without a score are in one more. Columns: side, stratum, rows.
    """
    score = "new_score" if by_new else "old_score"
    cases = " ".join(
        f"WHEN {score} < {float(end)!r} THEN {place}" for place, end in enumerate(ends[:-1])
    )
    with database.read() as cursor:
        sql, values = _pairs(cursor, new, old)
        return cursor.frame(
            f"""SELECT side, CASE WHEN {score} IS NULL THEN {len(ends)} {cases}
                ELSE {max(len(ends) - 1, 0)} END AS stratum, count(*) AS rows
            FROM {sql} GROUP BY ALL ORDER BY ALL""",
            values,
        )


@served
def count_changes(database: Database, new: Flagging, old: Flagging) -> pl.DataFrame:
    """Changed rows by pattern: cluster_id (null for none), new, old; most changes first.

    `new` are the rows that only the new one flags, `old` those that only the old one does.
    """
    with database.read() as cursor:
        sql, values = _pairs(cursor, new, old)
        return cursor.frame(
            f"""SELECT cluster_id, count(*) FILTER (side = 'new') AS new,
                count(*) FILTER (side = 'old') AS old
            FROM {sql} LEFT JOIN ({_PATTERN_OF}) USING (sample_id)
            WHERE side IN ('new', 'old') GROUP BY cluster_id
            ORDER BY count(*) DESC, cluster_id NULLS LAST""",
            values,
        )


@served
def read_changed(
    database: Database, new: Flagging, old: Flagging, side: Side, limit: int, offset: int = 0
) -> list[ChangedRow]:
    """A page of the rows on a side, those first of which the new detector is surest."""
    order = "DESC" if side in ("new", "both") else "ASC"
    with database.read() as cursor:
        sql, values = _pairs(cursor, new, old)
        rows = cursor.rows(
            f"""WITH page AS (
                SELECT sample_id, new_score, old_score FROM {sql} WHERE side = ?
                ORDER BY new_score {order} NULLS LAST, sample_id LIMIT {limit:d} OFFSET {offset:d})
            SELECT sample_id, s.text, s.context, new_score, old_score, cluster_id
            FROM page JOIN samples s USING (sample_id)
            LEFT JOIN ({_PATTERN_OF}) USING (sample_id)
            ORDER BY new_score {order} NULLS LAST, sample_id""",
            [*values, side],
        )
    return [ChangedRow(*row) for row in rows]


@served
def read_labelled(
    database: Database, new: Flagging, old: Flagging, recall_selection: str | None
) -> pl.DataFrame:
    """The labelled rows of a dataset that both say something of, by id.

    Columns: sample_id, text, context, label, side; `stratum` of the sample for recall, null outside
    of it; `cluster_rows`, null outside of patterns: how many rows of production the row stands for
    there, as one of those that were read in its cluster. Labels are what annotators said of the
    very text, or what came with it. What a detector was least sure of is in no pattern here,
    because it is unlike other rows.
    """
    with database.read() as cursor:
        sql, values = _pairs(cursor, new, old)
        return cursor.frame(
            _LABELLED.format(pairs=sql),
            [new.dataset, new.dataset, *values, recall_selection],
        )


_LABELLED: Final = """
WITH labelled AS MATERIALIZED (
    SELECT s.sample_id, o.answer_id, s.text, s.context, coalesce(l.label, s.label) AS label
    FROM observed_answers o JOIN samples s USING (sample_id)
    LEFT JOIN own_labels l USING (answer_id)
    WHERE s.dataset = ? AND coalesce(l.label, s.label) IS NOT NULL
    UNION ALL
    SELECT sample_id, NULL, text, context, label FROM samples
    WHERE dataset = ? AND label IS NOT NULL
      AND sample_id NOT IN (SELECT sample_id FROM observed_answers)),
drawn AS (
    SELECT answer_id, min(coalesce((settings->>'waiting')::DOUBLE / taken, 1)) AS factor
    FROM selected_answers JOIN selections USING (selection_id)
    JOIN (SELECT selection_id, count(*) AS taken FROM selected_answers GROUP BY selection_id)
        USING (selection_id)
    WHERE purpose = 'patterns' AND settings->>'rows' IS DISTINCT FROM 'unsure'
    GROUP BY answer_id),
read AS (
    SELECT m.answer_id, drawn.factor * k.size / count(*) OVER (PARTITION BY cluster_id) AS rows
    FROM labelled JOIN drawn USING (answer_id) JOIN members m USING (answer_id)
    JOIN leaf_clusters k USING (cluster_id) JOIN clusterings g USING (clustering_id)
    WHERE g.active)
SELECT sample_id, text, context, label, side, r.stratum, read.rows AS cluster_rows
FROM labelled JOIN {pairs} USING (sample_id)
LEFT JOIN selected_answers r ON r.answer_id = labelled.answer_id AND r.selection_id = ?
LEFT JOIN read ON read.answer_id = labelled.answer_id
ORDER BY sample_id
"""


@dataclass(frozen=True, slots=True)
class FeedbackCount:
    """What users said of a guard's verdict, and what a detector says of the same rows."""

    verdict: Literal["flagged", "passed"]
    feedback: Literal["right", "wrong"]
    rows: int
    new_flagged: int


@served
def count_feedback(database: Database, new: Flagging) -> list[FeedbackCount]:
    """Feedback by verdict, of the rows that a detector says something of."""
    with database.read() as cursor:
        sql, values = flagging_query(cursor, new)
        rows = cursor.rows(
            f"""SELECT verdict, feedback, count(*), count(*) FILTER (is_flagged)
            FROM log_records JOIN ({sql}) ON sample_id = record_id
            WHERE dataset = ? AND feedback IS NOT NULL AND verdict IN ('flagged', 'passed')
            GROUP BY ALL ORDER BY ALL""",
            [*values, new.dataset],
        )
    return [FeedbackCount(*row) for row in rows]
