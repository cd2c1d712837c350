"""A label renamed in every row that has it, in one transaction."""

import json
from pathlib import Path

import pytest

from store.audit_findings import next_item, record_finding
from store.audits import draw_round
from store.clusters import list_clusters
from store.database.connection import Database
from store.database.cursor import Cursor
from store.decisions import Decision, record
from store.detectors import find_detector
from store.evaluations import list_evaluations
from store.relabelling import detectors_with_both, is_stored, labels_that_count, rename_label
from store.schema import DETECTORS
from tests import rows

OLD, NEW = "general-content", "other-content"
SAMPLES = ["s0", "s1", "s2"]


@pytest.fixture
def filled(database: Database, tmp_path: Path) -> Database:
    """Rows that have the old label wherever a row can have one."""
    named = [
        (item, f"Text {item}.", label) for item, label in zip(SAMPLES, rows.LABELS, strict=True)
    ]
    rows.add_dataset(database, "seeds", named, "seed")
    detector = rows.detectors("d0").to_dicts()[0] | {"params": json.dumps({
        "labels": list(rows.LABELS), "positive": [OLD], "name": OLD,
        "judge": {"labels": [OLD], "template": {"prompt": f"- {OLD}: not health\n{OLD}"}},
    })}  # fmt: skip
    frames = {
        "queries": rows.queries(SAMPLES),
        "answers": rows.answers(SAMPLES),
        "detectors": rows.frame(DETECTORS, [detector]),
        "predictions": rows.predictions({f"a-{item}": OLD for item in SAMPLES}),
        "members": rows.members({"c0": ["a-s2", "a-s1"], "c1": ["a-s0"]}, label=OLD),
        "evaluation_rows": rows.evaluation(
            [("s2", OLD, rows.LABELS[0]), ("s0", rows.LABELS[0], OLD)],
            detector_id="d0", dataset="seeds",
        ),
    }  # fmt: skip
    for table, frame in frames.items():
        rows.ingest(database, tmp_path, table, frame)
    record(database, "ann", [Decision("label", "c0", label=OLD)])
    record(database, "ann", [Decision("label", answer_id="a-s0", label=OLD)])
    draw_round(database, "ann", seed=0, per_cluster=2)
    with database.read() as cursor:
        (audit_id,) = cursor.one("SELECT audit_id FROM audit_rounds")
    item = next_item(database, audit_id)
    assert item is not None
    record_finding(database, "ann", audit_id, item.answer_id, OLD)
    with database.write() as cursor:
        cursor.execute(
            """INSERT INTO imports
            VALUES (nextval('import_order'), 'seeds', 'f', 'd', ?, 1, 1, 0, 0, NULL, now())""",
            [json.dumps({"label_map": {OLD: OLD, "0": OLD}, "label_for_all": OLD, "text": OLD})],
        )
    return database


def cells_with(cursor: Cursor, text: str) -> set[str]:
    """The columns of all tables in which a text occurs."""
    columns = cursor.rows(
        """SELECT table_name, column_name FROM duckdb_columns()
        JOIN duckdb_tables() USING (database_name, schema_name, table_name)"""
    )
    return {
        f"{table}.{column}"
        for table, column in columns
        if cursor.number(
            f"SELECT count(*) FROM {table} WHERE contains({column}::VARCHAR, ?)", [text]
        )
    }


def test_no_row_has_the_old_label_afterwards_and_every_one_that_had_it_has_the_new(
    filled: Database,
) -> None:
    with filled.read() as cursor:
        before = cells_with(cursor, OLD)
    assert rename_label(filled, OLD, NEW) == 1
    with filled.read() as cursor:
        assert cells_with(cursor, NEW) == before
        kept = cells_with(cursor, OLD)
        params = json.loads(cursor.one("SELECT params FROM detectors")[0])
        options = json.loads(cursor.one("SELECT options FROM imports")[0])
    assert kept == {"detectors.params", "imports.options"}  # what is no label there
    assert params["labels"] == [*rows.LABELS[:2], NEW]
    assert params["judge"]["labels"] == params["positive"] == [NEW]
    assert params["judge"]["template"]["prompt"] == f"- {NEW}: not health\n{OLD}"
    assert params["name"] == OLD
    assert options == {"label_map": {OLD: NEW, "0": NEW}, "label_for_all": NEW, "text": OLD}


def test_outputs_keep_their_order_and_rows_all_else(filled: Database) -> None:
    with filled.read() as cursor:
        (before,) = cursor.one("SELECT list(probabilities ORDER BY item_id) FROM predictions")
    rename_label(filled, OLD, NEW)
    assert find_detector(filled, "d0").labels == (*rows.LABELS[:2], NEW)
    with filled.read() as cursor:
        assert cursor.one("SELECT list(probabilities ORDER BY item_id) FROM predictions") == (
            before,
        )
    (evaluation,) = list_evaluations(filled)
    assert evaluation.confusion == {(NEW, rows.LABELS[0]): 1, (rows.LABELS[0], NEW): 1}
    first = list_clusters(filled)[0]
    assert first.predicted_label == NEW
    assert first.seed_labels == {NEW: 1, rows.LABELS[1]: 1}


def test_rows_that_have_the_new_label_already_are_counted_together(filled: Database) -> None:
    rename_label(filled, rows.LABELS[1], OLD)
    (first, _) = list_clusters(filled)
    assert first.seed_labels == {OLD: 2}


def test_it_is_told_which_labels_count_are_stored_and_are_told_apart(filled: Database) -> None:
    assert labels_that_count(filled) == set(rows.LABELS)
    assert is_stored(filled, OLD)
    assert not is_stored(filled, NEW)
    assert detectors_with_both(filled, OLD, rows.LABELS[0]) == ["d0"]
    assert detectors_with_both(filled, OLD, NEW) == []


def test_nothing_is_renamed_where_one_table_refuses(
    filled: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("store.relabelling._rename_in_imports", refuse)
    with pytest.raises(RuntimeError):
        rename_label(filled, OLD, NEW)
    assert labels_that_count(filled) == set(rows.LABELS)
