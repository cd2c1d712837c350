"""What language models say of answers: which are to be asked about, and what came of it.

A model is an annotator of its own, named by what it is called by. It decides nothing.
"""

from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

from store.database.connection import Database
from store.database.cursor import Value
from store.database.served import served
from store.decisions import Decision, reach_of
from store.schema import ANSWERS

What = Literal["representatives", "answers"]

_POOL: Final[dict[What, str]] = {
    "representatives": """SELECT DISTINCT representative_id AS answer_id
        FROM leaf_clusters JOIN clusterings USING (clustering_id) WHERE active""",
    "answers": "SELECT answer_id FROM answers WHERE error IS NULL",
}


@dataclass(frozen=True, slots=True)
class TextDraw:
    """Which texts a model is asked about, drawn at random under `seed`.

    `total` is how many are drawn, `limit` how many of those that are due are taken; None is all.
    A larger total holds the smaller one.
    """

    what: What = "representatives"
    limit: int | None = None
    total: int | None = None
    seed: int = 0


@dataclass(frozen=True, slots=True)
class UnreadReply:
    """A reply that names no label, with the reason; None in place of a reply that did not come."""

    annotator: str
    answer_id: str
    reply: str | None
    error: str


@served
def due_for_classification(
    database: Database, way_id: str, draw: TextDraw, *, retry: bool
) -> pl.DataFrame:
    """Drawn answers that a model was not asked about in this way (schema ANSWERS).

    With `retry`, also those that it gave no reply to. One that named no label is its answer.
    """
    total, limit = ("ALL" if rows is None else str(int(rows)) for rows in (draw.total, draw.limit))
    with database.read() as cursor:
        return cursor.frame(
            f"""WITH drawn AS (
                SELECT answer_id, sha256(concat(?, answer_id)) AS lot FROM ({_POOL[draw.what]})
                ORDER BY lot LIMIT {total}),
            due AS (
                SELECT answer_id FROM drawn WHERE answer_id NOT IN (
                    SELECT answer_id FROM classifications
                    WHERE way_id = ? AND NOT (? AND reply IS NULL))
                ORDER BY lot LIMIT {limit})
            SELECT {", ".join(ANSWERS)} FROM answers
            WHERE answer_id IN (SELECT answer_id FROM due) ORDER BY answer_id""",
            [f"{draw.seed}:", way_id, retry],
        ).cast(ANSWERS)


@served
def count_replies(database: Database) -> dict[str, tuple[int, int]]:
    """How many answers each model was asked about, and how many of them have no label."""
    with database.read() as cursor:
        rows = cursor.rows(
            """SELECT annotator, count(*), count(*) FILTER (label IS NULL)
            FROM current_classifications GROUP BY annotator ORDER BY annotator"""
        )
    return {annotator: (asked, failed) for annotator, asked, failed in rows}


@served
def unread_replies(database: Database, limit: int) -> list[UnreadReply]:
    """The first replies of models that name no label, by model and answer."""
    with database.read() as cursor:
        rows = cursor.rows(
            f"""SELECT annotator, answer_id, reply, error FROM current_classifications
            WHERE label IS NULL ORDER BY annotator, answer_id LIMIT {limit:d}"""
        )
    return [UnreadReply(*row) for row in rows]


_UNDECIDED: Final[dict[What, str]] = {
    "representatives": """SELECT cluster_id, NULL AS answer_id, c.size, m.label
        FROM leaf_clusters c JOIN clusterings USING (clustering_id)
        JOIN current_classifications m ON m.answer_id = c.representative_id
        WHERE active AND m.annotator = ? AND m.label IS NOT NULL
          AND cluster_id NOT IN (SELECT cluster_id FROM cluster_decisions)
        ORDER BY cluster_id""",
    "answers": """SELECT NULL AS cluster_id, answer_id, 1 AS size, m.label
        FROM current_classifications m
        WHERE m.annotator = ? AND m.label IS NOT NULL
          AND answer_id NOT IN (SELECT answer_id FROM answer_labels)
          AND answer_id NOT IN (SELECT answer_id FROM excluded_answers)
        ORDER BY answer_id""",
}


@served
def undecided_by_people(
    database: Database, annotator: str, what: What, propagate_percent: float
) -> list[Decision]:
    """The decisions that would make a model's labels count, where nobody has decided.

    Of representatives: labels of clusters without any decision. Of answers: labels of those that
    have none yet, however they would have got it.
    """
    values: list[Value] = [annotator]
    with database.read() as cursor:
        rows = cursor.rows(_UNDECIDED[what], values)
    return [
        Decision(
            "label",
            cluster_id,
            answer_id,
            label,
            reach=None if cluster_id is None else reach_of(size, propagate_percent),
        )
        for cluster_id, answer_id, size, label in rows
    ]
