"""Who says what: the labels of each annotator, for their agreement with each other."""

from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

from store.bases import LLM
from store.database.connection import Database
from store.database.served import served
from store.detectors import INITIAL


@dataclass(frozen=True, slots=True)
class AnnotatorLabel:
    """What an annotator calls a cluster or, by an override, an answer."""

    item_kind: Literal["cluster", "answer"]
    item_id: str
    annotator: str
    label: str


@served
def annotator_labels(database: Database) -> list[AnnotatorLabel]:
    """Each annotator's newest label of every cluster and answer that counts.

    Who put a cluster off, or was unsure, after having labelled it says nothing of it.
    """
    with database.read() as cursor:
        rows = cursor.rows(
            """SELECT item_kind, item_id, annotator, label FROM annotator_labels
            ORDER BY item_kind, item_id, annotator"""
        )
    return [AnnotatorLabel(*row) for row in rows]


# What was labelled as an answer comes before what was labelled as a representative, and that
# before what was audited blindly: of each, the newest.
_SAID: Final = f"""
WITH said AS (
    SELECT coalesce(c.representative_id, l.item_id) AS answer_id, annotator, label,
           CASE l.item_kind WHEN 'answer' THEN 2 ELSE 1 END AS precedence, decision_id AS place
    FROM annotator_labels l
    LEFT JOIN clusters c ON l.item_kind = 'cluster' AND c.cluster_id = l.item_id
    UNION ALL
    SELECT answer_id, r.annotator, j.label, 0, j.judgement_id
    FROM judged_items j JOIN audit_rounds r USING (audit_id) WHERE j.label IS NOT NULL
    UNION ALL
    SELECT answer_id, annotator, label, 3, 0 FROM current_classifications
    WHERE label IS NOT NULL),
people_and_models AS (
    SELECT answer_id, annotator, arg_max(label, (precedence, place)) AS label
    FROM said GROUP BY answer_id, annotator),
newest AS (
    SELECT detector_id, name FROM detectors WHERE recipe = '{INITIAL}'
    ORDER BY created_at DESC, detector_id LIMIT 1)
SELECT answer_id, annotator,
       CASE WHEN starts_with(annotator, '{LLM}') THEN 'model' ELSE 'person' END AS kind, label
FROM people_and_models
UNION ALL
SELECT p.item_id, n.name, 'detector', p.label
FROM predictions p JOIN newest n USING (detector_id)
WHERE p.item_kind = 'answer' AND p.label IS NOT NULL
  AND p.item_id IN (SELECT answer_id FROM people_and_models)
"""


@served
def answer_annotations(database: Database) -> pl.DataFrame:
    """What people, models and the initial detector call an answer, in no order.

    Columns answer_id, annotator, kind ("person", "model" or "detector") and label. A label of a
    cluster is one of its representative, which is what was read. The detector is there for answers
    that somebody else labelled.
    """
    with database.read() as cursor:
        return cursor.frame(_SAID)
