"""A workspace with labelled clusters, an audit and a model's labels, made without keys."""

import random
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from store.audit_findings import next_item, record_finding
from store.audits import draw_consistency, draw_round
from store.clusters import list_clusters
from store.database.connection import Database
from store.decisions import Decision, record
from store.schema import CLASSIFICATIONS
from tests import rows

RIGHT, UNSURE = 0.85, 0.03  # shares of findings, about
MODEL = "llm:hf:example/small-instruct"


def label_clusters(
    database: Database, annotator: str, *, clusters: int | None = None, skip: int = 0
) -> list[str]:
    """Label the largest clusters as predicted, after the first `skip`; return their ids."""
    found = list_clusters(database)[skip:clusters]
    decisions = [Decision("label", item.cluster_id, label=item.predicted_label) for item in found]
    record(database, annotator, decisions)
    return [item.cluster_id for item in found]


def audit(database: Database, annotator: str) -> None:
    """Audit a round of propagated labels and one of consistency, mostly as they were labelled."""
    dice = random.Random(3)
    made = (
        draw_round(database, annotator, seed=0, per_cluster=2),
        draw_consistency(database, annotator, seed=1, clusters=20),
    )
    with database.read() as cursor:
        labels = dict(cursor.rows("SELECT answer_id, label FROM audit_items"))
    for drawn in made:
        while item := next_item(database, drawn.audit_id):
            label = labels[item.answer_id]
            chosen = label if dice.random() < RIGHT else dice.choice(rows.LABELS)
            unsure = dice.random() < UNSURE
            record_finding(
                database, annotator, item.audit_id, item.answer_id, None if unsure else chosen
            )


def classify(database: Database, labels: Mapping[str, str | None]) -> None:
    """Let a model have classified these answers; None is a reply that names no label."""
    found = [
        {
            "answer_id": answer_id,
            "label": label,
            "reply": label or "Perhaps.",
            "error": None if label else "the reply names no label",
        }
        for answer_id, label in labels.items()
    ]
    frame = rows.frame(CLASSIFICATIONS, found, way_id="w", annotator=MODEL, job_id=rows.JOB)
    with TemporaryDirectory() as folder:
        rows.ingest(database, Path(folder), "classifications", frame)


def classify_answers(database: Database) -> list[str]:
    """Let a model have classified every clustered answer as the detector; return their ids."""
    with database.read() as cursor:
        found = cursor.rows(
            "SELECT answer_id, predicted_label FROM members JOIN clusters USING (cluster_id)"
        )
    classify(database, dict(found))
    return [answer_id for answer_id, _ in found]


def classify_representatives(database: Database) -> None:
    """Let a model have classified the representatives, four of five as the detector."""
    dice = random.Random(5)
    labels: dict[str, str | None] = {
        item.representative_id: item.predicted_label
        if dice.random() < 0.8
        else dice.choice([*rows.LABELS, None])
        for item in list_clusters(database)
    }
    classify(database, labels)


def dispute_labels(database: Database, annotator: str, wrong: int = 2) -> list[str]:
    """Label all clusters as predicted, but the largest as something else; a model disagrees.

    Return the representatives of those `wrong` ones, the largest first.
    """
    clusters = list_clusters(database)
    decisions = [
        Decision("label", item.cluster_id, label=other_label(item.predicted_label))
        if place < wrong
        else Decision("label", item.cluster_id, label=item.predicted_label)
        for place, item in enumerate(clusters)
    ]
    record(database, annotator, decisions)
    classify(database, {item.representative_id: item.predicted_label for item in clusters})
    return [item.representative_id for item in clusters[:wrong]]


def other_label(label: str) -> str:
    """The label that comes after another one."""
    return rows.LABELS[(rows.LABELS.index(label) + 1) % len(rows.LABELS)]
