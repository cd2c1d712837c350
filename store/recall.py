"""What was not flagged: the spread of its scores, a sample of it, and the labels of the sample."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from store.database.connection import Database
from store.database.served import served
from store.flagging import Flagging, flagging_query

CELLS: Final = 1000  # of scores between the lowest and the highest


@dataclass(frozen=True, slots=True)
class ScoreRange:
    """The lowest and highest score of a dataset, widened to 0 and 1, and rows flagged or not."""

    low: float
    high: float
    flagged: int
    unflagged: int


@served
def read_score_range(database: Database, flagging: Flagging) -> ScoreRange:
    """The scores of all rows that something flags or not."""
    with database.read() as cursor:
        sql, values = flagging_query(cursor, flagging)
        row = cursor.one(
            f"""SELECT least(coalesce(min(score), 0), 0), greatest(coalesce(max(score), 1), 1),
                count(*) FILTER (is_flagged), count(*) FILTER (NOT is_flagged)
            FROM ({sql})""",
            values,
        )
    return ScoreRange(*row)


@served
def count_cells(database: Database, flagging: Flagging, scores: ScoreRange) -> pl.DataFrame:
    """Rows that were not flagged, by cells of their score: cell, rows, score (their mean).

    The lowest of CELLS is 0, and those without a score are the last row, under null.
    """
    with database.read() as cursor:
        sql, values = flagging_query(cursor, flagging)
        return cursor.frame(
            f"""SELECT {_CELL} AS cell, count(*) AS rows, avg(score) AS score
            FROM ({sql}) WHERE NOT is_flagged GROUP BY cell ORDER BY cell NULLS LAST""",
            [*_cell_values(scores), *values],
        )


# `least` leaves nulls out, so a row without a score has to be kept apart.
_CELL: Final = f"""CASE WHEN score IS NOT NULL THEN
    least(floor({CELLS} * (score - ?::DOUBLE) / ?::DOUBLE), {CELLS - 1})::INTEGER END"""


def _cell_values(scores: ScoreRange) -> list[float]:
    return [scores.low, scores.high - scores.low]


@served
def draw_unflagged(
    database: Database,
    flagging: Flagging,
    scores: ScoreRange,
    ends: Sequence[int],
    drawn: Sequence[int],
    seed: int,
) -> pl.DataFrame:
    """Rows drawn at random in each stratum: sample_id, stratum, verdict (null without a log).

    `ends` are the last cells of strata; rows without a score are in one more. Rows are drawn by the
    order of a hash of seed and id, so that a larger sample of a stratum has the smaller one in it.
    """
    cases = " ".join(f"WHEN cell <= {end:d} THEN {place}" for place, end in enumerate(ends))
    with database.read() as cursor:
        sql, values = flagging_query(cursor, flagging)
        return cursor.frame(
            f"""WITH lots AS (
                SELECT sample_id, sha256(concat(?, sample_id)) AS lot, {_CELL} AS cell
                FROM ({sql}) WHERE NOT is_flagged),
            firsts AS (
                SELECT CASE WHEN cell IS NULL THEN {len(ends)} {cases} END AS stratum,
                       arg_min(sample_id, lot, {max(drawn, default=1):d}) AS ids
                FROM lots GROUP BY stratum)
            SELECT sample_id, stratum::INTEGER AS stratum, verdict
            FROM (SELECT stratum, unnest(ids) AS sample_id, unnest(range(len(ids))) AS nth
                  FROM firsts) f
            JOIN (SELECT unnest(range(len(counts))) AS stratum, unnest(counts) AS count
                  FROM (SELECT [{", ".join(str(int(count)) for count in drawn)}] AS counts))
                 USING (stratum)
            LEFT JOIN log_records r ON r.record_id = f.sample_id
            WHERE nth < count ORDER BY sha256(concat(?, sample_id))""",
            [f"{seed}:", *_cell_values(scores), *values, f"{seed}:"],
        )


@served
def read_sampled(database: Database, selection_id: str) -> pl.DataFrame:
    """The labels of a sample, in its order: answer_id, stratum, label, put_off, shared.

    A label is what an annotator said of the very text, or what came with it. Without one, a text is
    `put_off` where somebody skipped it or is unsure, and `shared` where it waits in a cluster of
    several rows, of which it is not the one that is read.
    """
    with database.read() as cursor:
        return cursor.frame(
            """SELECT answer_id, stratum, coalesce(l.label, p.label) AS label,
                   coalesce(l.label, p.label) IS NULL AND l.answer_id IS NOT NULL AS put_off,
                   coalesce(l.label, p.label) IS NULL AND c.answer_id IS NOT NULL AS shared
            FROM selected_answers s
            JOIN observed_answers o USING (answer_id)
            JOIN samples p USING (sample_id)
            LEFT JOIN own_labels l USING (answer_id)
            LEFT JOIN (SELECT m.answer_id FROM members m JOIN leaf_clusters k USING (cluster_id)
                       JOIN clusterings g USING (clustering_id) WHERE g.active AND m.rank > 0) c
                USING (answer_id)
            WHERE s.selection_id = ? ORDER BY place""",
            [selection_id],
        )


@served
def read_flagged_patterns(database: Database, flagging: Flagging) -> pl.DataFrame:
    """The patterns that hold flagged rows and were labelled: label, rows (flagged ones of them).

    They are clusters of selections for patterns, but for those of what a detector was least sure
    of, which are unlike other rows.
    """
    with database.read() as cursor:
        sql, values = flagging_query(cursor, flagging)
        return cursor.frame(
            f"""SELECT any_value(d.label) AS label, count(DISTINCT o.sample_id) AS rows
            FROM cluster_decisions d JOIN leaf_clusters k USING (cluster_id)
            JOIN clusterings g USING (clustering_id)
            JOIN members m USING (cluster_id) JOIN observed_answers o USING (answer_id)
            JOIN ({sql}) f ON f.sample_id = o.sample_id
            WHERE g.active AND d.kind = 'label' AND f.is_flagged AND o.answer_id IN (
                SELECT answer_id FROM selected_answers JOIN selections USING (selection_id)
                WHERE dataset = ? AND purpose = 'patterns'
                  AND settings->>'rows' IS DISTINCT FROM 'unsure')
            GROUP BY cluster_id ORDER BY cluster_id""",
            [*values, flagging.dataset],
        )
