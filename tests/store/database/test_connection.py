import json
import subprocess
import sys
from pathlib import Path

import duckdb
import polars as pl
import pytest

import store.database.memory
from store.cluster_states import read_states
from store.clusters import list_clusters
from store.database.connection import Database
from store.database.cursor import Cursor
from store.database.file import DATABASE_NAME
from store.database.migrations import read_scripts
from store.database.owner import LOCK_NAME
from store.datasets import add_roles
from store.decisions import Decision, record
from store.errors import ImportRefused, OutOfMemory, RowKnown, StoreError, WorkspaceHeld
from store.evaluations import FailedRow, failed_rows
from store.schema import PARTS
from store.two_sample import newest_two_sample
from tests import rows

HOLD = """
import sys
from pathlib import Path
from store.database.owner import Ownership
ownership = Ownership(Path(sys.argv[1]), "the app", 0)
print("held", flush=True)
sys.stdin.read()
"""


def add_roles_and_fail(cursor: Cursor) -> None:
    add_roles(cursor, "seeds", ("seed",))
    raise ImportRefused("half of it is written")


def test_a_database_is_made_once_and_opened_again_with_what_it_held(tmp_path: Path) -> None:
    with Database(tmp_path) as database:
        rows.add_dataset(database, "seeds", [("s0", "A text.", None)], "seed")
    with Database(tmp_path) as database, database.read() as cursor:
        assert cursor.number("SELECT count(*) FROM samples") == 1
        assert cursor.number("SELECT max(version) FROM schema_version") == len(read_scripts())


def test_a_database_of_a_newer_program_is_refused_and_let_go(tmp_path: Path) -> None:
    with Database(tmp_path) as database, database.write() as cursor:
        cursor.execute("INSERT INTO schema_version VALUES (999)")
    with pytest.raises(StoreError, match="newer Backquery"):
        Database(tmp_path)
    with duckdb.connect(tmp_path / DATABASE_NAME) as connection:
        connection.execute("DELETE FROM schema_version WHERE version = 999").complete()
    Database(tmp_path).close()


def test_a_file_that_is_no_database_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / DATABASE_NAME).write_bytes(b"this is not a database" * 500)
    with pytest.raises(StoreError, match=DATABASE_NAME):
        Database(tmp_path)


def test_a_process_is_told_who_holds_a_workspace_without_serving_it(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(
            WorkspaceHeld, match=rf"the app \(process {holder.pid} on .* serves no other"
        ):
            Database(tmp_path, patience_s=0)
        holder.kill()
    Database(tmp_path, patience_s=0).close()


def test_the_lock_names_nobody_once_it_is_released(tmp_path: Path) -> None:
    with Database(tmp_path, role="the app"):
        assert json.loads((tmp_path / LOCK_NAME).read_text())["role"] == "the app"
    assert (tmp_path / LOCK_NAME).read_text() == ""


def test_a_transaction_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with Database(tmp_path) as database:
        with pytest.raises(ImportRefused), database.write() as cursor:
            add_roles_and_fail(cursor)
        with database.read() as cursor:
            assert cursor.number("SELECT count(*) FROM dataset_roles") == 0


@pytest.mark.parametrize("table", [name for name in PARTS if name not in ("members", "scenarios")])
def test_every_part_schema_fits_its_table(table: str, tmp_path: Path) -> None:
    with Database(tmp_path) as database, database.read() as cursor:
        stored = cursor.frame(f"SELECT * FROM {table} LIMIT 0").schema
    elsewhere = {"evaluation_rows": {"detector_id", "job_id", "dataset"}}  # in `evaluations`
    missing = elsewhere.get(table, set())
    expected = {name: kind for name, kind in PARTS[table].items() if name not in missing}
    assert {name: kind for name, kind in stored.items() if name in expected} == expected


def test_a_workspace_from_before_splits_keeps_its_decisions_and_learns_what_clusters_show(
    tmp_path: Path,
) -> None:
    with duckdb.connect(tmp_path / DATABASE_NAME) as old:
        old.execute(read_scripts()[0]).complete()
        old.execute("CREATE TABLE schema_version (version INTEGER NOT NULL)").complete()
        for statement in (
            "INSERT INTO schema_version VALUES (1)",
            "INSERT INTO samples VALUES ('s', 'd', 'Seed.', 'h', 'advice', NULL, NULL, 'f', 1)",
            """INSERT INTO queries VALUES
                ('q', 's', 'j', 1, 'm', 't', 'td', 'pd', '{}', 'W?', 'W?', 'r', [], 1, NULL)""",
            """INSERT INTO answers VALUES
                ('a', 'q', 'j', 1, 'm', 't', 'td', 'pd', '{}', 'Answer.', [], 1, NULL)""",
            """INSERT INTO predictions VALUES
                ('x', 'answer', 'a', 'j', 'advice', [0.2, 0.8], [1.0], NULL)""",
            """INSERT INTO clusterings (clustering_id, job_id, detector_id, scope, k, seed, threads,
                created_at) VALUES ('g', 'j', 'x', 'all', 1, 0, 1, '2026-01-01')""",
            "INSERT INTO clusters VALUES ('c', 'g', NULL, 'advice', 1, 'a', NULL, NULL)",
            "INSERT INTO members VALUES ('c', 'a', 0, 0.5)",
            """INSERT INTO decisions (action_id, annotator, kind, cluster_id, label, decided_at)
                VALUES ('x', 'ada', 'label', 'c', 'advice', '2026-01-01')""",
        ):
            old.execute(statement).complete()
    with Database(tmp_path) as database:
        (cluster,) = list_clusters(database)
        assert (cluster.representative, cluster.seed_labels) == ("Answer.", {"advice": 1})
        assert cluster.spread == pytest.approx(0.5)
        assert cluster.confidence == pytest.approx(0.8)
        assert read_states(database)["c"].label == "advice"
        record(database, "ada", [Decision("unflag", "c")])


def test_questions_from_before_candidates_are_kept_and_have_none(tmp_path: Path) -> None:
    with duckdb.connect(tmp_path / DATABASE_NAME) as old:
        for script in read_scripts()[:3]:
            old.execute(script).complete()
        old.execute("CREATE TABLE schema_version (version INTEGER NOT NULL)").complete()
        old.execute("INSERT INTO schema_version VALUES (3)").complete()
        old.execute(
            """INSERT INTO queries VALUES
            ('q', 's', 'j', 1, 'm', 't', 'td', 'pd', '{}', 'W?', 'W?', 'r', [], 1, NULL)"""
        ).complete()
    several = [{"text": "One?", "score": 0.5}, {"text": None, "score": None}]
    with Database(tmp_path) as database:
        rows.ingest(database, tmp_path, "queries", rows.queries(["new"], candidates=several))
        with database.read() as cursor:
            found = cursor.rows("SELECT query_id, text, candidates FROM queries ORDER BY 1")
    assert found == [("q", "W?", None), ("q-new", "What?", several)]


def test_a_workspace_from_before_comparisons_with_production_can_take_them_in(
    tmp_path: Path,
) -> None:
    with duckdb.connect(tmp_path / DATABASE_NAME) as old:
        for script in read_scripts()[:5]:
            old.execute(script).complete()
        old.execute("CREATE TABLE schema_version (version INTEGER NOT NULL)").complete()
        old.execute("INSERT INTO schema_version VALUES (5)").complete()
    with Database(tmp_path) as database:
        rows.ingest(database, tmp_path, "two_sample", rows.two_sample("t"))
        assert [figure.auc for figure in newest_two_sample(database)] == [0.75]


def test_evaluations_from_before_rows_without_labels_are_kept(tmp_path: Path) -> None:
    with duckdb.connect(tmp_path / DATABASE_NAME) as old:
        for script in read_scripts()[:7]:
            old.execute(script).complete()
        old.execute("CREATE TABLE schema_version (version INTEGER NOT NULL)").complete()
        old.execute("INSERT INTO schema_version VALUES (7)").complete()
        old.execute(
            "INSERT INTO evaluation_rows VALUES ('e', 's', 'a', 'b', [0.5, 0.5])"
        ).complete()
    with Database(tmp_path) as database:
        new = rows.evaluation([("s1", "a", "b")], detector_id="d", dataset="real")
        unlabelled = new.with_columns(label=pl.lit(None, pl.String))
        rows.ingest(database, tmp_path, "evaluation_rows", unlabelled)
        with database.read() as cursor:
            found = cursor.rows("SELECT sample_id, label, predicted_label FROM evaluation_rows")
    assert sorted(found) == [("s", "a", "b"), ("s1", None, "b")]


def test_evaluations_from_before_replies_are_kept_and_have_none(tmp_path: Path) -> None:
    with duckdb.connect(tmp_path / DATABASE_NAME) as old:
        for script in read_scripts()[:8]:
            old.execute(script).complete()
        old.execute("CREATE TABLE schema_version (version INTEGER NOT NULL)").complete()
        old.execute("INSERT INTO schema_version VALUES (8)").complete()
        old.execute("INSERT INTO evaluation_rows VALUES ('e', 's', 'a', NULL, NULL)").complete()
    with Database(tmp_path) as database:
        new = rows.evaluation([("s1", "a", None)], detector_id="d", dataset="real")
        asked = new.with_columns(reply=pl.lit("Well."), error=pl.lit("no label"))
        rows.ingest(database, tmp_path, "evaluation_rows", asked)
        assert failed_rows(database, "e") == [FailedRow("s", None, None)]
        assert failed_rows(database, "e-d-real") == [FailedRow("s1", "no label", "Well.")]


LONG_TEXT = "SELECT length(string_agg(range::VARCHAR, '')) FROM range(4_000_000)"  # 27 MB of digits


def test_a_modest_database_takes_more_memory_where_a_query_needs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store.database.memory, "LIMITS_MIB", (16, 1024))
    with Database(tmp_path, is_modest=True) as database, database.read() as cursor:
        assert limit_of(cursor) == "16.0 MiB"
        assert cursor.number(LONG_TEXT) == 26_888_890
        assert limit_of(cursor) == "1.0 GiB"


def test_a_frame_that_needs_more_memory_while_it_is_read_gets_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store.database.memory, "LIMITS_MIB", (16, 1024))
    with Database(tmp_path, is_modest=True) as database, database.read() as cursor:
        assert cursor.frame(LONG_TEXT).item() == 26_888_890
        assert limit_of(cursor) == "1.0 GiB"


def test_a_transaction_that_lacked_memory_can_be_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store.database.memory, "LIMITS_MIB", (16, 1024))
    with Database(tmp_path, is_modest=True) as database:
        with pytest.raises(OutOfMemory, match="Try again"), database.write() as cursor:
            add_roles_and_ask_for_much(cursor)
        with database.write() as cursor:
            assert cursor.number("SELECT count(*) FROM dataset_roles") == 0
            assert cursor.number(LONG_TEXT) == 26_888_890


def test_a_database_that_saves_memory_makes_calls_again_that_lacked_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store.database.memory, "LIMITS_MIB", (16, 1024))
    with Database(tmp_path) as database:
        database.save_memory()
        database.perform(write_much)
        with database.read() as cursor:
            assert cursor.number("SELECT count(*) FROM dataset_roles") == 1
            assert limit_of(cursor) == "1.0 GiB"


def write_much(database: Database) -> None:
    with database.write() as cursor:
        add_roles_and_ask_for_much(cursor)


def add_roles_and_ask_for_much(cursor: Cursor) -> None:
    add_roles(cursor, "seeds", ("seed",))
    cursor.number(LONG_TEXT)


def limit_of(cursor: Cursor) -> str:
    return str(cursor.one("SELECT current_setting('memory_limit')")[0])


def test_a_row_that_is_there_already_is_refused_by_name(tmp_path: Path) -> None:
    with Database(tmp_path) as database:
        rows.add_dataset(database, "seeds", [("s0", "A text.", None)], "seed")
        with pytest.raises(RowKnown, match="s0"), database.write() as cursor:
            cursor.execute("INSERT INTO samples SELECT * FROM samples")


ODD_NAMES = ("a[x]", "c*", "d #1 50%", "é 'q' \"r\"", "g\nh", "~", "$HOME", "k:l", "{m,n}")


@pytest.mark.parametrize("name", ODD_NAMES)
def test_a_database_is_kept_in_a_folder_of_any_name(name: str, tmp_path: Path) -> None:
    folder = tmp_path / name
    folder.mkdir()
    with Database(folder) as database:
        rows.add_dataset(database, "seeds", [("s0", "A text.", None)], "seed")
        assert [path.name for path in tmp_path.iterdir()] == [name]
    with Database(folder) as database, database.read() as cursor:
        assert cursor.number("SELECT count(*) FROM samples") == 1
    assert (folder / DATABASE_NAME).is_file()
    assert [path.name for path in tmp_path.iterdir()] == [name]
