"""How much of everything there is."""

from dataclasses import dataclass

from store.database import Database


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows in a workspace; `clusters` are active leaf clusters, `decisions` all ever made.

    `failed_queries` and `failed_answers` have an error; they are not among the others.
    """

    samples: int
    queries: int
    answers: int
    predictions: int
    clusters: int
    clusters_decided: int
    decisions: int
    labels: int
    detectors: int
    evaluations: int
    failed_queries: int
    failed_answers: int


def count_all(database: Database) -> Counts:
    """Count everything in one query."""
    with database.read() as cursor:
        row = cursor.one(
            """SELECT
            (SELECT count(*) FROM samples),
            (SELECT count(*) FROM queries WHERE error IS NULL),
            (SELECT count(*) FROM answers WHERE error IS NULL),
            (SELECT count(*) FROM predictions WHERE error IS NULL),
            (SELECT count(*) FROM leaf_clusters JOIN clusterings USING (clustering_id)
             WHERE active),
            (SELECT count(*) FROM leaf_clusters JOIN clusterings USING (clustering_id)
             JOIN cluster_decisions USING (cluster_id) WHERE active AND kind = 'label'),
            (SELECT count(*) FROM decisions),
            (SELECT count(*) FROM answer_labels),
            (SELECT count(*) FROM detectors),
            (SELECT count(*) FROM evaluations),
            (SELECT count(*) FROM queries WHERE error IS NOT NULL),
            (SELECT count(*) FROM answers WHERE error IS NOT NULL)"""
        )
    return Counts(*row)
