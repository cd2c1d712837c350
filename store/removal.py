"""Removes samples, and with them all that hangs on them, so that nothing is left without its seed.

What an annotator decided on a cluster by reading an answer goes with that answer: the cluster gets
another representative and is undecided again.
"""

from dataclasses import dataclass
from typing import Final

import polars as pl

from store.clusters import recount
from store.counting import counted
from store.database.connection import Database
from store.database.cursor import Cursor
from store.database.served import served
from store.datasets import require_dataset
from store.errors import DatasetInUse
from store.evaluations import restamp
from store.hanging import count_hanging_on, samples_of
from store.learned_labels import LEARNED_TABLES


@dataclass(frozen=True, slots=True)
class Removed:
    """How many rows went with a dataset."""

    samples: int
    queries: int
    answers: int
    decisions: int


@served
def remove_dataset(database: Database, dataset: str, *, with_answers: bool = False) -> Removed:
    """Remove a dataset, its imports and evaluations, and all that hangs on its rows.

    Raises UnknownName, and DatasetInUse if questions or answers hang on it and not
    `with_answers`.
    """
    require_dataset(database, dataset)
    with database.write() as cursor:
        require_unused(cursor, dataset, "removed", with_answers)
        before = _counts(cursor)
        remove_samples(cursor, samples_of(cursor, dataset))
        for table in _OF_DATASET:
            cursor.execute(f"DELETE FROM {table} WHERE dataset = ?", [dataset])
        cursor.execute(
            """DELETE FROM evaluation_rows
            WHERE evaluation_id NOT IN (SELECT evaluation_id FROM evaluations)"""
        )
        after = _counts(cursor)
    return Removed(*(old - new for old, new in zip(before, after, strict=True)))


# Records of a log have the dataset's name even where they have no text, and so no sample.
_OF_DATASET: Final = (
    "dataset_roles", "imports", "speeds", "evaluations", "log_records", "log_files", "selections",
    "rounds", "traffic",
)  # fmt: skip


def _counts(cursor: Cursor) -> list[int]:
    tables = ("samples", "queries", "answers", "decisions")
    return [cursor.number(f"SELECT count(*) FROM {table}") for table in tables]


def require_unused(
    cursor: Cursor,
    dataset: str,
    what: str,
    with_answers: bool,
    *,
    samples: pl.DataFrame | None = None,
) -> None:
    """Raise DatasetInUse where questions hang on a dataset, or on these of its rows (sample_id)."""
    if with_answers:
        return
    if samples is None:
        samples = samples_of(cursor, dataset)
    hanging = count_hanging_on(cursor, samples)
    if hanging.questions:
        raise DatasetInUse(
            f"{dataset!r} was not {what}: {counted(hanging.questions, 'question')} and "
            f"{counted(hanging.answers, 'answer')}, {hanging.labelled:,} of them labelled, hang on "
            "its rows. --with-answers does it all the same."
        )


def remove_samples(cursor: Cursor, samples: pl.DataFrame) -> None:
    """Remove samples (sample_id) and all rows of other tables that hang on them."""
    if samples.is_empty():
        return
    with cursor.view("gone_samples", samples.select("sample_id")):
        datasets = cursor.rows(
            "SELECT DISTINCT dataset FROM samples JOIN gone_samples USING (sample_id)"
        )
        answers = cursor.frame(
            """SELECT answer_id FROM answers JOIN queries USING (query_id)
            JOIN gone_samples USING (sample_id)"""
        )
        _remove_answers(cursor, answers)
        for table in ("samples", "sample_dimensions", "queries", "drift", "evaluation_rows"):
            cursor.execute(
                f"DELETE FROM {table} WHERE sample_id IN (SELECT sample_id FROM gone_samples)"
            )
        cursor.execute(
            "DELETE FROM log_records WHERE record_id IN (SELECT sample_id FROM gone_samples)"
        )
        cursor.execute(
            """DELETE FROM predictions WHERE item_kind = 'sample'
            AND item_id IN (SELECT sample_id FROM gone_samples)"""
        )
    cursor.execute(
        """DELETE FROM evaluations
        WHERE evaluation_id NOT IN (SELECT evaluation_id FROM evaluation_rows)"""
    )
    for (dataset,) in datasets:
        restamp(cursor, dataset)


def _remove_answers(cursor: Cursor, answers: pl.DataFrame) -> None:
    if answers.is_empty():
        return
    with cursor.view("gone_answers", answers):
        clusters = cursor.frame(
            """SELECT cluster_id, count(*) AS removed,
                   bool_or(c.representative_id = m.answer_id) AS is_headless
            FROM members m JOIN gone_answers USING (answer_id) JOIN clusters c USING (cluster_id)
            GROUP BY cluster_id"""
        )
        with cursor.view("cut_clusters", clusters):
            _remove_decisions(cursor)
            _remove_findings(cursor)
            _remove_members(cursor)
        for table in (
            "answers", "constructed_labels", "observed_answers", "selected_answers", "corrections",
            "drift", "vectors", "classifications", *LEARNED_TABLES
        ):  # fmt: skip
            cursor.execute(
                f"DELETE FROM {table} WHERE answer_id IN (SELECT answer_id FROM gone_answers)"
            )
        cursor.execute(
            """DELETE FROM predictions WHERE item_kind = 'answer'
            AND item_id IN (SELECT answer_id FROM gone_answers)"""
        )
    recount(cursor, clusters.select("cluster_id"))


def _remove_decisions(cursor: Cursor) -> None:
    """Remove decisions on what goes; a label still reaches those members that it reached."""
    cursor.execute(
        """UPDATE decisions SET reach = r.reach FROM (
            SELECT d.decision_id, count(m.answer_id) FILTER (
                m.rank < d.reach AND m.answer_id NOT IN (SELECT answer_id FROM gone_answers)
            ) AS reach
            FROM decisions d JOIN cut_clusters USING (cluster_id) JOIN members m USING (cluster_id)
            WHERE d.reach IS NOT NULL GROUP BY d.decision_id) r
        WHERE r.decision_id = decisions.decision_id"""
    )
    cursor.execute(
        """DELETE FROM decisions WHERE answer_id IN (SELECT answer_id FROM gone_answers)
        OR (kind IN ('label', 'skip', 'unsure')
            AND cluster_id IN (SELECT cluster_id FROM cut_clusters WHERE is_headless))"""
    )


def _remove_members(cursor: Cursor) -> None:
    """Remove members, move the others up, and remove clusters that are empty then."""
    cursor.execute("DELETE FROM members WHERE answer_id IN (SELECT answer_id FROM gone_answers)")
    cursor.execute(
        """UPDATE members SET rank = r.rank FROM (
            SELECT cluster_id, answer_id,
                   row_number() OVER (PARTITION BY cluster_id ORDER BY rank) - 1 AS rank
            FROM members JOIN cut_clusters USING (cluster_id)) r
        WHERE r.cluster_id = members.cluster_id AND r.answer_id = members.answer_id"""
    )
    empty = "cluster_id NOT IN (SELECT cluster_id FROM members)"
    for table in ("clusters", "cluster_terms", "cluster_titles", "audit_strata", "decisions"):
        cursor.execute(
            f"""DELETE FROM {table}
            WHERE cluster_id IN (SELECT cluster_id FROM cut_clusters) AND {empty}"""
        )
    cursor.execute(
        """DELETE FROM decisions WHERE kind IN ('undo', 'redo') AND target_action_id NOT IN (
            SELECT action_id FROM decisions WHERE kind NOT IN ('undo', 'redo'))"""
    )
    cursor.execute(
        "DELETE FROM clusterings WHERE clustering_id NOT IN (SELECT clustering_id FROM clusters)"
    )


def _remove_findings(cursor: Cursor) -> None:
    """Remove what audits drew of the answers; the strata shrink by as much."""
    for table in ("audit_judgements", "audit_items"):
        cursor.execute(
            f"DELETE FROM {table} WHERE answer_id IN (SELECT answer_id FROM gone_answers)"
        )
    cursor.execute(
        """UPDATE audit_strata SET size = greatest(n.size, 0), drawn = n.drawn,
               propagated = greatest(n.drawn, least(audit_strata.propagated, n.size - 1))
        FROM (SELECT s.audit_id, s.cluster_id, s.size - any_value(c.removed) AS size,
                     count(i.answer_id) AS drawn
              FROM audit_strata s JOIN cut_clusters c USING (cluster_id)
              LEFT JOIN audit_items i USING (audit_id, cluster_id)
              GROUP BY s.audit_id, s.cluster_id, s.size) n
        WHERE n.audit_id = audit_strata.audit_id AND n.cluster_id = audit_strata.cluster_id"""
    )
    cursor.execute(
        """UPDATE audit_items SET stratum_size = s.propagated FROM audit_strata s
        WHERE s.audit_id = audit_items.audit_id AND s.cluster_id = audit_items.cluster_id
          AND s.cluster_id IN (SELECT cluster_id FROM cut_clusters)"""
    )
    cursor.execute(
        """DELETE FROM audit_rounds WHERE audit_id NOT IN (SELECT audit_id FROM audit_items)"""
    )
    cursor.execute(
        "DELETE FROM audit_strata WHERE audit_id NOT IN (SELECT audit_id FROM audit_rounds)"
    )
