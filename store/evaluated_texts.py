"""The texts of evaluated rows with all that they can be cut by, to see where a detector errs."""

from dataclasses import dataclass

import polars as pl

from store.database.connection import Database
from store.database.served import served


@dataclass(frozen=True, slots=True)
class EvaluatedText:
    """A labelled row of an evaluation: its texts, prediction (None: failed), group and file.

    `dimensions` are (dimension, value), which it may have several of.
    """

    text: str
    context: str | None
    label: str
    predicted: str | None
    group: str | None
    origin: str | None
    dimensions: tuple[tuple[str, str], ...]


@served
def read_evaluated_texts(database: Database, evaluation_id: str) -> list[EvaluatedText]:
    """The labelled rows of an evaluation, by id; dimensions by name."""
    of_evaluation = "evaluation_id = ? AND label IS NOT NULL"
    with database.read() as cursor:
        rows = cursor.rows(
            f"""SELECT sample_id, s.text, s.context, r.label, r.predicted_label, s.group_key,
                s.source
            FROM (SELECT * FROM evaluation_rows WHERE {of_evaluation}) r
            JOIN samples s USING (sample_id) ORDER BY sample_id""",
            [evaluation_id],
        )
        dimensions = cursor.rows(
            f"""SELECT sample_id, dimension, "value" FROM sample_dimensions
            WHERE sample_id IN (SELECT sample_id FROM evaluation_rows WHERE {of_evaluation})
            ORDER BY ALL""",
            [evaluation_id],
        )
    known: dict[str, list[tuple[str, str]]] = {}
    for sample_id, dimension, value in dimensions:
        known.setdefault(sample_id, []).append((dimension, value))
    return [
        EvaluatedText(
            text, context, label, predicted, group, origin, tuple(known.get(sample_id, ()))
        )
        for sample_id, text, context, label, predicted, group, origin in rows
    ]


@served
def read_lengths(database: Database, evaluation_id: str) -> pl.DataFrame:
    """sample_id, context and text of an evaluation's rows that are pairs, in characters, by id."""
    with database.read() as cursor:
        return cursor.frame(
            """SELECT sample_id, length(s.context) AS context, length(s.text) AS text
            FROM evaluation_rows r JOIN samples s USING (sample_id)
            WHERE r.evaluation_id = ? AND s.context IS NOT NULL ORDER BY sample_id""",
            [evaluation_id],
        )
