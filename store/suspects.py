"""What is known of labels that may be wrong: the labels, and what models and the detector say.

A suspect that an annotator looked at and kept is left out until something else is said of it.
"""

from typing import TYPE_CHECKING, Final

from store.database.connection import Database
from store.database.served import served
from store.decisions import Decision, record
from store.detectors import INITIAL

if TYPE_CHECKING:
    import polars as pl

# Of labels that somebody gave this very text.
DECIDED_ORIGINS: Final = ("centroid", "override", "audited")

_LABELLED: Final = f"""
WITH wanted AS (
    SELECT answer_id FROM overrides
    UNION SELECT representative_id FROM leaf_clusters JOIN labelled_clusters USING (cluster_id)
    UNION SELECT answer_id FROM judged_items WHERE label IS NOT NULL
    UNION SELECT answer_id FROM current_classifications WHERE label IS NOT NULL),
placed AS (
    SELECT m.answer_id, any_value({{'cluster_id': m.cluster_id, 'rank': m.rank, 'size': c.size}})
           AS place
    FROM (SELECT * FROM members WHERE answer_id IN (SELECT answer_id FROM wanted)) m
    JOIN leaf_clusters c USING (cluster_id) JOIN clusterings USING (clustering_id)
    WHERE active GROUP BY m.answer_id),
newest AS (
    SELECT detector_id, name, labels FROM detectors WHERE recipe = '{INITIAL}'
    ORDER BY created_at DESC, detector_id LIMIT 1)
SELECT l.answer_id, place.cluster_id, place.rank, place.size, l.label, l.origin, d.annotator,
       k.note AS kept_for, n.name AS detector, p.label AS predicted,
       p.probabilities[list_position(n.labels, p.label)]::DOUBLE AS predicted_probability,
       coalesce(p.probabilities[list_position(n.labels, l.label)], 0)::DOUBLE
           AS label_probability
FROM answer_labels l JOIN wanted USING (answer_id)
LEFT JOIN placed USING (answer_id)
LEFT JOIN decisions d ON d.decision_id = l.decision_id
LEFT JOIN kept_labels k ON k.answer_id = l.answer_id
LEFT JOIN (SELECT * FROM predictions JOIN newest USING (detector_id)
           WHERE item_kind = 'answer' AND item_id IN (SELECT answer_id FROM wanted)) p
       ON p.item_id = l.answer_id
LEFT JOIN newest n ON n.detector_id = p.detector_id
WHERE l.answer_id NOT IN (SELECT answer_id FROM excluded_answers)
  AND (l.origin IN {DECIDED_ORIGINS} OR l.answer_id IN (
      SELECT answer_id FROM current_classifications WHERE label IS NOT NULL))
ORDER BY l.answer_id
"""


@served
def read_labelled(database: Database) -> "pl.DataFrame":
    """Labels of answers that somebody read, or that a model classified, by answer.

    Columns: answer_id; cluster_id, rank and size of the active cluster it is in, null without one;
    label, origin and annotator, null where no single decision gave the label; kept_for, what was
    said when it was kept; detector, predicted, predicted_probability, label_probability: what the
    initial detector says of it, null without a prediction.
    """
    with database.read() as cursor:
        return cursor.frame(_LABELLED)


@served
def read_classified(database: Database) -> "pl.DataFrame":
    """What models call answers, by answer and model: answer_id, annotator, label."""
    with database.read() as cursor:
        return cursor.frame(
            """SELECT answer_id, annotator, label FROM current_classifications
            WHERE label IS NOT NULL ORDER BY answer_id, annotator"""
        )


@served
def suspects_stamp(database: Database) -> str:
    """A text that changes whenever decisions, models, predictions or clusters do."""
    with database.read() as cursor:
        row = cursor.one(
            """SELECT (SELECT max(decision_id) FROM decisions),
                (SELECT count(*) FROM classifications),
                (SELECT max(classified_at) FROM classifications),
                (SELECT max(created_at) FROM detectors),
                (SELECT max(position) FROM clusterings)"""
        )
    return "/".join(map(str, row))


@served
def keep_label(database: Database, annotator: str, answer_id: str, said: str) -> None:
    """Record that a label stays as it is, whatever was `said` of it; it can be undone."""
    record(database, annotator, [Decision("keep", answer_id=answer_id, note=said)])
