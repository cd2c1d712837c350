"""How much of everything there is."""

from dataclasses import dataclass, replace

from store.bases import BASELINES
from store.database.connection import Database
from store.database.cursor import Cursor
from store.database.served import served
from store.development import DEVELOPMENT


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows in a workspace; `clusters` are active leaf clusters, `decisions` all ever made.

    `vectors` are those of sentence encoders.

    `failed_queries` and `failed_answers` have an error; they are not among the others, nor
    baselines among the detectors. `observed` rows of production were selected to be labelled, and
    `observed_labels` of the labels are theirs; they are none of the queries, answers, predictions
    and vectors, but in clusters.
    """

    samples: int
    queries: int
    answers: int
    predictions: int
    vectors: int
    clusters: int
    clusters_decided: int
    decisions: int
    labels: int
    detectors: int
    evaluations: int
    failed_queries: int
    failed_answers: int
    observed: int
    observed_labels: int


@served
def count_all(database: Database) -> Counts:
    """Count everything."""
    with database.read() as cursor:
        row = cursor.one(
            """SELECT
            (SELECT count(*) FROM samples),
            (SELECT count(*) FROM queries WHERE error IS NULL)
              - (SELECT count(DISTINCT sample_id) FROM observed_answers),
            (SELECT count(*) FROM answers WHERE error IS NULL)
              - (SELECT count(*) FROM observed_answers),
            (SELECT count(*) FROM predictions WHERE error IS NULL
             AND item_id NOT IN (SELECT answer_id FROM observed_answers)),
            (SELECT count(*) FROM vectors WHERE error IS NULL
             AND answer_id NOT IN (SELECT answer_id FROM observed_answers)),
            (SELECT count(*) FROM leaf_clusters JOIN clusterings USING (clustering_id)
             WHERE active),
            0, 0, 0,
            (SELECT count(*) FROM detectors
             WHERE NOT starts_with(base, ?) AND NOT starts_with(base, ?)
               AND NOT starts_with(base, ?)),
            (SELECT count(*) FROM evaluations WHERE dataset <> ?),
            (SELECT count(*) FROM queries WHERE error IS NOT NULL),
            (SELECT count(*) FROM answers WHERE error IS NOT NULL),
            (SELECT count(*) FROM observed_answers), 0""",
            [*BASELINES, DEVELOPMENT],
        )
    return recount_decisions(database, Counts(*row))


@served
def count_decisions(database: Database) -> int:
    """How many decisions were ever made; what follows from them changes with it only."""
    with database.read() as cursor:
        return cursor.number("SELECT count(*) FROM decisions")


@served
def recount_decisions(database: Database, counts: Counts) -> Counts:
    """The counts with those that follow from decisions counted again.

    Labels are counted by clusters, without their members, unless they are learned or an older
    clustering may carry some over. What prompts were written for is none.
    """
    with database.read() as cursor:
        clusters, decided, spread = cursor.one(
            """SELECT count(*), count(*) FILTER (d.kind = 'label'),
               coalesce(sum(least(coalesce(d.reach, c.size), c.size))
                        FILTER (d.kind = 'label'), 0)
            FROM leaf_clusters c JOIN clusterings g USING (clustering_id)
            LEFT JOIN cluster_decisions d USING (cluster_id) WHERE g.active"""
        )
        if cursor.number(
            """SELECT (SELECT count(*) FROM clusterings WHERE NOT active)
            + (SELECT count(*) FROM learned_fits)"""
        ):
            labels = cursor.number(
                "SELECT count(*) FROM answer_labels WHERE origin <> 'constructed'"
            )
        else:
            labels = int(spread) + _overrides_elsewhere(cursor)
        observed = _count_observed(cursor) if counts.observed else 0
    return replace(
        counts,
        clusters=clusters,
        clusters_decided=decided,
        decisions=count_decisions(database),
        labels=labels,
        observed_labels=observed,
    )


def _count_observed(cursor: Cursor) -> int:
    """Count rows of production that have a label."""
    return cursor.number(
        """SELECT (SELECT count(label) FROM own_labels
                   WHERE answer_id IN (SELECT answer_id FROM observed_answers))
        + (SELECT count(*) FROM propagated_observed)"""
    )


def _overrides_elsewhere(cursor: Cursor) -> int:
    """Count the overridden answers that no label of a cluster reaches."""
    overridden = cursor.number("SELECT count(*) FROM overrides")
    if not overridden:
        return 0
    reached = cursor.number(
        """SELECT count(*) FROM overrides JOIN members m USING (answer_id)
        JOIN leaf_clusters USING (cluster_id) JOIN cluster_decisions d USING (cluster_id)
        WHERE d.kind = 'label' AND m.rank < coalesce(d.reach, m.rank + 1)"""
    )
    return overridden - reached
