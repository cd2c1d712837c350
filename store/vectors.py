"""Vectors of answers, for whoever clusters, splits, draws or spreads: all ask here."""

from typing import TYPE_CHECKING, Final

from store.database.connection import Database
from store.database.cursor import Cursor
from store.database.served import served
from store.spaces import Space, side_by_side

if TYPE_CHECKING:
    import polars as pl

_BY_DETECTOR: Final = """
SELECT item_id AS answer_id, embedding AS vector FROM predictions
WHERE detector_id = ? AND error IS NULL AND embedding IS NOT NULL AND rowid BETWEEN ? AND ?
  AND item_id IN (SELECT answer_id FROM placed_answers)
ORDER BY answer_id
"""
_BY_ENCODER: Final = """
SELECT answer_id, vector FROM vectors
WHERE encoder = ? AND error IS NULL AND rowid BETWEEN ? AND ?
  AND answer_id IN (SELECT answer_id FROM placed_answers)
ORDER BY answer_id
"""
# Of answers that were stored together, only what lies around them is read through.
_AROUND: Final = """
SELECT coalesce(min(rowid), 0), coalesce(max(rowid), 0) FROM {table}
WHERE {key} IN (SELECT answer_id FROM placed_answers)
"""
# Rows of production are clustered by the detector of that time.
NEWEST_SPACE: Final = (
    "clustering_id IN (SELECT clustering_id FROM observed_clusterings), position DESC"
)
_SPACE: Final = "SELECT embeddings, detector_id, encoder FROM clusterings"


@served
def read_vectors(database: Database, space: Space, answers: "pl.DataFrame") -> "pl.DataFrame":
    """Vectors of answers (answer_id) in a space, by id: answer_id and vector, float32 lists.

    Answers without one there are left out. In the space "both" the detector's comes first, each of
    length 1. `store.spaces.matrix_of` makes a matrix of them.
    """
    with database.read() as cursor:
        return vectors_in(cursor, space, answers)


def vectors_in(cursor: Cursor, space: Space, answers: "pl.DataFrame") -> "pl.DataFrame":
    """The same, for who has a cursor."""
    sources = {
        "detector": (_BY_DETECTOR, space.detector_id, "predictions", "item_id"),
        "encoder": (_BY_ENCODER, space.encoder, "vectors", "answer_id"),
    }
    with cursor.view("placed_answers", answers.select("answer_id")):
        parts = [
            cursor.frame(sql, [owner, *cursor.one(_AROUND.format(table=table, key=key))])
            for name, (sql, owner, table, key) in sources.items()
            if space.embeddings in (name, "both")
        ]
    return side_by_side(*parts)


@served
def newest_space(database: Database) -> Space | None:
    """The space of the newest active clustering, by choice one of answers to seeds."""
    with database.read() as cursor:
        return active_space(cursor)


def active_space(cursor: Cursor) -> Space | None:
    """The same, for who has a cursor; None without a clustering."""
    rows = cursor.rows(f"{_SPACE} WHERE active ORDER BY {NEWEST_SPACE} LIMIT 1")
    return Space(*rows[0]) if rows else None


def space_of(cursor: Cursor, cluster_id: str) -> Space | None:
    """The space in which a cluster was made; None for an unknown one."""
    sql = f"{_SPACE} JOIN clusters USING (clustering_id) WHERE cluster_id = ?"
    rows = cursor.rows(sql, [cluster_id])
    return Space(*rows[0]) if rows else None


@served
def stored_vectors(database: Database, encoder: str, answer_ids: "pl.Series") -> "pl.DataFrame":
    """The rows of these answers that an encoder has placed, by id (schema VECTORS)."""
    from store.schema import VECTORS

    with database.read() as cursor, cursor.view("wanted", answer_ids.to_frame("answer_id")):
        return cursor.frame(
            f"""SELECT {", ".join(VECTORS)} FROM vectors
            WHERE encoder = ? AND answer_id IN (SELECT answer_id FROM wanted)
            ORDER BY answer_id""",
            [encoder],
        ).cast(VECTORS)
