"""What is needed of decisions to estimate how good the labels are that a model learns from them.

It learns nothing from rows of production, and says nothing of them.
"""

from typing import TYPE_CHECKING

from store.database.connection import Database
from store.database.served import served

if TYPE_CHECKING:
    import polars as pl


@served
def audited_answers(database: Database) -> "pl.DataFrame":
    """The answers that were drawn by chance for an audit and labelled in it: answer_id."""
    with database.read() as cursor:
        return cursor.frame(
            """SELECT DISTINCT answer_id FROM judged_items j JOIN audit_rounds r USING (audit_id)
            WHERE r.kind = 'propagation' AND j.kind = 'label'
              AND answer_id NOT IN (SELECT answer_id FROM observed_answers) ORDER BY answer_id"""
        )


@served
def cluster_sizes(database: Database) -> "pl.DataFrame":
    """The active clusters and how many answers each has: cluster_id, size."""
    with database.read() as cursor:
        return cursor.frame(
            """SELECT cluster_id, size FROM leaf_clusters
            JOIN clusterings USING (clustering_id) WHERE active
              AND clustering_id NOT IN (SELECT clustering_id FROM observed_clusterings)
            ORDER BY cluster_id"""
        )
