"""Labels that invented prompts were written for, and what became of them."""

import polars as pl

from store.database.connection import Database
from store.database.served import served


@served
def read_constructed(database: Database) -> pl.DataFrame:
    """All prompts that were written for a label, by id.

    Columns: answer_id, sample_id (of the draw), written_for, and, null until somebody decides,
    label and decision_id. A decision on a cluster is that of all its members; the decision of an
    audited label is null, and so are labels that a model learned.
    """
    with database.read() as cursor:
        return cursor.frame(
            """SELECT c.answer_id, q.sample_id, c.label AS written_for, l.label, l.decision_id
            FROM constructed_labels c
            JOIN answers USING (answer_id) JOIN queries q USING (query_id)
            LEFT JOIN (SELECT answer_id, label, decision_id FROM answer_labels
                       WHERE origin NOT IN ('constructed', 'learned')) l USING (answer_id)
            ORDER BY c.answer_id"""
        )
