"""Learned labels in the store: what a workspace from before them keeps, and whole fits."""

from pathlib import Path

import duckdb
import polars as pl
import pytest

from store.audit_findings import read_findings
from store.database.connection import Database
from store.database.file import DATABASE_NAME
from store.database.migrations import read_scripts
from store.decisions import Decision, record, undo
from store.errors import LabelsOutdated
from store.learned_labels import (
    add_learned,
    begin_fit,
    count_learned,
    finish_fit,
    read_basis,
    use_spread,
)
from tests import rows
from tests.learned import ANSWERS, CLUSTERS, fill

ADVICE, CONTENT, _ = rows.LABELS
LABELS = "SELECT answer_id, label, origin, decision_id FROM answer_labels ORDER BY ALL"
SCRIPT = next(n for n, text in enumerate(read_scripts()) if "TABLE learned_fits" in text)


def learn(*answer_ids: str) -> pl.DataFrame:
    return pl.DataFrame(
        {"answer_id": answer_ids, "label": CONTENT, "probability": 0.75},
        schema={"answer_id": pl.String, "label": pl.String, "probability": pl.Float32},
    )


def fits_in(database: Database) -> list[int]:
    with database.read() as cursor:
        rows = cursor.rows(
            """SELECT DISTINCT fit_id FROM (FROM learned_labels_0 UNION ALL FROM learned_labels_1)
            ORDER BY 1"""
        )
    return [fit_id for (fit_id,) in rows]


def test_labels_and_audits_from_before_are_the_same_afterwards(tmp_path: Path) -> None:
    with duckdb.connect(tmp_path / DATABASE_NAME) as old:
        for script in read_scripts()[:SCRIPT]:
            old.execute(script).complete()
        for statement in (
            "CREATE TABLE schema_version (version INTEGER NOT NULL)",
            f"INSERT INTO schema_version VALUES ({SCRIPT})",
            """INSERT INTO clusterings (clustering_id, job_id, detector_id, scope, k, seed, threads,
                active, created_at) VALUES ('g', 'j', 'x', 'all', 2, 0, 1, true, '2026-01-01'),
                ('old', 'j', 'x', 'all', 2, 0, 1, false, '2026-01-01')""",
            """INSERT INTO clusters BY NAME SELECT * FROM (VALUES ('c0', 'g', 4, 'a0'),
                ('c1', 'g', 1, 'a4'), ('c2', 'old', 2, 'a4'))
                n(cluster_id, clustering_id, size, representative_id),
                (SELECT 'x' AS predicted_label)""",
            """INSERT INTO members BY NAME SELECT cluster_id, answer_id, rank, 0.5 AS distance
                FROM (VALUES ('c0', 'a0', 0), ('c0', 'a1', 1), ('c0', 'a2', 2), ('c0', 'a3', 3),
                ('c1', 'a4', 0), ('c2', 'a4', 0), ('c2', 'a5', 1))
                n(cluster_id, answer_id, rank)""",
            """INSERT INTO decisions BY NAME SELECT 'x' || i AS action_id, 'ada' AS annotator,
                'label' AS kind, cluster_id, answer_id, 'advice' AS label, reach,
                TIMESTAMP '2026-01-01' AS decided_at
                FROM (VALUES (0, 'c0', NULL, 3), (1, 'c2', NULL, NULL), (2, NULL, 'a1', NULL))
                n(i, cluster_id, answer_id, reach)""",
            """INSERT INTO audit_items VALUES ('r', 0, 'a2', 'c0', 'd', 'advice', 1, 2)""",
            """INSERT INTO audit_judgements (audit_id, answer_id, annotator, kind, label, judged_at)
                VALUES ('r', 'a2', 'ada', 'label', 'other', '2026-01-01')""",
        ):
            old.execute(statement).complete()
        before = old.execute(LABELS).fetchall()
    assert [(row[0], row[2]) for row in before] == [
        ("a0", "centroid"), ("a1", "override"), ("a2", "propagated"), ("a4", "carried"),
        ("a5", "carried"),
    ]  # fmt: skip
    with Database(tmp_path) as database:
        with database.read() as cursor:
            assert cursor.rows(LABELS) == before
        assert [item.found for item in read_findings(database, "r")] == ["other"]


def test_a_fit_counts_once_it_is_whole_and_only_where_labels_are_learned(
    labelled: Database,
) -> None:
    record(labelled, "ada", [Decision("label", "c0", label=ADVICE)])
    use_spread(labelled, "learned")
    fit_id, basis = begin_fit(labelled), read_basis(labelled, 0.5)
    add_learned(labelled, fit_id, learn("a-s1", "a-s4"))
    with labelled.read() as cursor:
        assert [row[0] for row in cursor.rows(LABELS)] == ["a-s0"]
    with pytest.raises(LabelsOutdated):
        finish_fit(labelled, fit_id, basis.stamp, 3)
    finish_fit(labelled, fit_id, basis.stamp, 2)
    with labelled.read() as cursor:
        assert [row[0] for row in cursor.rows(LABELS)] == ["a-s0", "a-s1", "a-s4"]
    assert read_basis(labelled, 0.5).is_fresh
    assert not read_basis(labelled, 0.6).is_fresh
    use_spread(labelled, "cluster")
    with labelled.read() as cursor:
        assert [row[0] for row in cursor.rows(LABELS)] == ["a-s0", "a-s1", "a-s2"]
    with pytest.raises(LabelsOutdated):
        finish_fit(labelled, fit_id, basis.stamp, 0)


def test_a_decision_counts_at_once_over_what_was_learned_before_it(labelled: Database) -> None:
    use_spread(labelled, "learned")
    fit_id = begin_fit(labelled)
    add_learned(labelled, fit_id, learn("a-s1", "a-s3", "a-s4"))
    finish_fit(labelled, fit_id, "stamp", 3)
    record(labelled, "ada", [Decision("label", answer_id="a-s1", label=ADVICE)])
    record(labelled, "ada", [Decision("unsure", "c1")])
    with labelled.read() as cursor:
        found = cursor.rows("SELECT answer_id, label, probability FROM answer_labels ORDER BY 1")
    assert found == [("a-s1", ADVICE, None), ("a-s4", CONTENT, 0.75)]


def test_a_fit_that_was_never_finished_is_cleared_away_by_the_next(labelled: Database) -> None:
    use_spread(labelled, "learned")
    for _ in range(3):
        fit_id = begin_fit(labelled)
        add_learned(labelled, fit_id, learn("a-s1"))
    finish_fit(labelled, fit_id, "stamp", 1)
    assert fits_in(labelled) == [fit_id]


def test_of_two_that_fit_at_once_the_later_one_does_it_again(labelled: Database) -> None:
    use_spread(labelled, "learned")
    slow, quick = begin_fit(labelled), begin_fit(labelled)
    add_learned(labelled, slow, learn("a-s1"))
    add_learned(labelled, quick, learn("a-s1", "a-s4"))
    finish_fit(labelled, quick, "stamp", 2)
    with pytest.raises(LabelsOutdated):
        finish_fit(labelled, slow, "stamp", 1)
    again = begin_fit(labelled)
    add_learned(labelled, again, learn("a-s2"))
    assert set(fits_in(labelled)) == {quick, again}
    finish_fit(labelled, again, "stamp", 1)
    assert fits_in(labelled) == [again]


def test_what_a_fit_is_made_from_is_in_the_order_of_the_decisions(labelled: Database) -> None:
    record(labelled, "ada", [Decision("label", "c1", label=ADVICE)])
    record(labelled, "ada", [Decision("label", answer_id="a-s2", label=CONTENT)])
    record(labelled, "ada", [Decision("skip", "c0")])
    basis = read_basis(labelled, 0.5)
    assert basis.decided.rows() == [("a-s3", ADVICE, "c1"), ("a-s2", CONTENT, "c0")]
    assert basis.kept_out["answer_id"].to_list() == ["a-s0", "a-s2", "a-s3"]


def test_a_new_workspace_needs_no_fit_before_somebody_decides(tmp_path: Path) -> None:
    with Database(tmp_path) as database:
        fill(database, tmp_path)
        use_spread(database, "learned")
        assert read_basis(database, 0).is_fresh
        record(database, "ada", [Decision("label", cluster_id="c0", label=ADVICE)])
        decided = read_basis(database, 0)
        assert not decided.is_fresh
        fit_id = begin_fit(database)
        add_learned(database, fit_id, learn(ANSWERS[1]))
        finish_fit(database, fit_id, decided.stamp, 1)
        undo(database, "ada")
        assert not read_basis(database, 0).is_fresh


@pytest.mark.parametrize("left_out", [0, 1])
def test_labels_are_counted_alike_where_all_members_and_where_not_all_have_one(
    database: Database, tmp_path: Path, left_out: int
) -> None:
    fill(database, tmp_path)
    record(database, "ada", [Decision("label", "c0", label=ADVICE)])
    use_spread(database, "learned")
    others = [name for name in ANSWERS if name != CLUSTERS["c0"][0]]
    fit_id, rows_in = begin_fit(database), learn(*others[left_out:])
    add_learned(database, fit_id, rows_in)
    finish_fit(database, fit_id, "stamp", rows_in.height)
    kept = set(others[left_out:])
    assert count_learned(database) == {
        name: len(kept.intersection(members)) for name, members in CLUSTERS.items()
    }
