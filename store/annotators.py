"""Who says what: the labels of each annotator, for their agreement with each other."""

from dataclasses import dataclass
from typing import Literal

from store.database.connection import Database
from store.database.served import served


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
