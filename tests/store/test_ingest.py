from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from store.clusters import list_clusters
from store.database.connection import Database
from store.detectors import initial_detector
from store.errors import PartConflict, SchemaMismatch
from store.ingest import count_parts, ingest_part
from tests import rows


def count(database: Database, table: str) -> int:
    with database.read() as cursor:
        return cursor.number(f"SELECT count(*) FROM {table}")


def test_a_part_is_taken_in_once_however_often_it_is_offered(
    database: Database, tmp_path: Path
) -> None:
    part = rows.queries(["s0", "s1"])
    assert rows.ingest(database, tmp_path, "queries", part) == 2
    assert rows.ingest(database, tmp_path, "queries", part) == 0
    assert count(database, "queries") == 2
    assert count(database, "ingested_parts") == 1


def test_a_part_with_other_bytes_under_a_known_name_is_an_error(
    database: Database, tmp_path: Path
) -> None:
    rows.ingest(database, tmp_path, "queries", rows.queries(["s0"]))
    with pytest.raises(PartConflict, match="other contents"):
        rows.ingest(database, tmp_path, "queries", rows.queries(["s1"]))
    assert count(database, "queries") == 1


def test_a_missing_column_is_refused_and_leaves_neither_rows_nor_ledger(
    database: Database, tmp_path: Path
) -> None:
    with pytest.raises(SchemaMismatch, match="queries-00000"):
        rows.ingest(database, tmp_path, "queries", rows.queries(["s0"]).drop("raw"))
    assert count(database, "queries") == 0
    assert count(database, "ingested_parts") == 0


def test_a_row_that_another_job_made_already_is_not_doubled(
    database: Database, tmp_path: Path
) -> None:
    rows.ingest(database, tmp_path, "queries", rows.queries(["s0"]))
    rows.ingest(database, tmp_path, "queries", rows.queries(["s0", "s1"]), part=1)
    assert count(database, "queries") == 2


def test_an_empty_part_enters_the_ledger(database: Database, tmp_path: Path) -> None:
    rows.ingest(database, tmp_path, "queries", rows.queries([]))
    assert count(database, "ingested_parts") == 1


def test_the_ledger_counts_the_parts_of_each_stage(database: Database, tmp_path: Path) -> None:
    rows.ingest(database, tmp_path, "queries", rows.queries(["s0"]))
    rows.ingest(database, tmp_path, "queries", rows.queries(["s1"]), part=1)
    rows.ingest(database, tmp_path, "answers", rows.answers(["s0"]))
    assert count_parts(database, rows.JOB) == {"1-queries": 2, "1-answers": 1}
    assert count_parts(database, "another job") == {}


def test_a_newer_clustering_of_the_same_answers_takes_the_older_ones_place(
    labelled: Database, tmp_path: Path
) -> None:
    anew = rows.members({"n0": [f"a-s{number}" for number in range(6)]}, clustering_id="g1")
    rows.ingest(labelled, tmp_path, "members", anew, part=1)
    with labelled.read() as cursor:
        active = cursor.rows("SELECT clustering_id FROM clusterings WHERE active")
    assert active == [("g1",)]


def test_a_clustering_of_other_answers_stands_beside_the_older(
    labelled: Database, tmp_path: Path
) -> None:
    rows.ingest(
        labelled, tmp_path, "members", rows.members({"n0": ["a-x"]}, clustering_id="g1"), part=1
    )
    assert count(labelled, "clusterings WHERE active") == 2


def test_the_representative_of_a_cluster_is_its_member_of_rank_0(labelled: Database) -> None:
    with labelled.read() as cursor:
        found = cursor.rows("SELECT cluster_id, representative_id, size FROM clusters ORDER BY 1")
    assert found == [("c0", "a-s0", 3), ("c1", "a-s3", 3)]


def test_a_cluster_whose_seeds_have_no_label_is_listed_without_any(
    database: Database, tmp_path: Path
) -> None:
    rows.add_dataset(database, "seeds", [("s0", "Seed.", None)], "seed")
    rows.ingest(database, tmp_path, "queries", rows.queries(["s0"]))
    rows.ingest(database, tmp_path, "answers", rows.answers(["s0"]))
    rows.ingest(database, tmp_path, "members", rows.members({"c0": ["a-s0"]}))
    (cluster,) = list_clusters(database)
    assert (cluster.seed_labels, cluster.datasets) == ({}, {"seeds": 1})


def test_evaluation_rows_make_one_evaluation_over_several_parts(
    database: Database, tmp_path: Path
) -> None:
    for part, sample in enumerate(("b0", "b1")):
        found = rows.evaluation(
            [(sample, "health-advice", None)], detector_id="d0", dataset="bench"
        )
        rows.ingest(database, tmp_path, "evaluation_rows", found, part=part)
    assert count(database, "evaluations") == 1
    assert count(database, "evaluation_rows") == 2


def test_only_rows_without_prediction_and_reply_give_way_to_those_of_another_attempt(
    database: Database, tmp_path: Path
) -> None:
    labels = {"b0": None, "b1": None, "b2": "health-advice"}
    first = _judged(labels, replies={"b1": "Who knows?", "b2": "Advice."})
    again = _judged({**labels, "b0": "health-advice", "b1": "health-advice", "b2": None})
    rows.ingest(database, tmp_path, "evaluation_rows", first)
    rows.ingest(database, tmp_path, "evaluation_rows", again, job_id="again")
    found = [("b0", "health-advice", None), ("b1", None, "Who knows?"),
             ("b2", "health-advice", "Advice.")]  # fmt: skip
    assert _said(database) == found
    rows.ingest(database, tmp_path, "evaluation_rows", first, job_id="late")
    assert _said(database) == found
    assert count(database, "evaluations") == 1


def test_an_attempt_killed_while_it_was_taken_in_is_taken_in_to_its_end(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = _judged(dict.fromkeys(("b0", "b1", "b2")))
    rows.ingest(database, tmp_path, "evaluation_rows", failed)
    path = tmp_path / "again.parquet"
    _judged(dict.fromkeys(("b0", "b1", "b2"), "health-advice")).write_parquet(path)
    part = ("again", "1-judge", "evaluation_rows", path)
    monkeypatch.setattr("store.ingest.ROWS_AT_ONCE", 1)
    with monkeypatch.context() as patched:

        def die(*_: object) -> None:
            raise KeyboardInterrupt

        patched.setattr("store.ingest._enter", die)  # it comes with the last rows
        with pytest.raises(KeyboardInterrupt):
            ingest_part(database, *part)
    assert [label for _, label, _ in _said(database)] == ["health-advice", "health-advice", None]
    assert ingest_part(database, *part) == 3
    assert [label for _, label, _ in _said(database)] == ["health-advice"] * 3


def _judged(
    labels: Mapping[str, str | None], *, replies: Mapping[str, str] | None = None
) -> pl.DataFrame:
    judged = [(sample, "health-advice", label) for sample, label in labels.items()]
    said = [(replies or {}).get(sample) for sample in labels]
    frame = rows.evaluation(judged, detector_id="d0", dataset="bench")
    return frame.with_columns(reply=pl.Series(said, dtype=pl.String))


def _said(database: Database) -> list[tuple[str, str | None, str | None]]:
    with database.read() as cursor:
        found = cursor.rows(
            "SELECT sample_id, predicted_label, reply FROM evaluation_rows ORDER BY 1"
        )
    return [(sample, label, reply) for sample, label, reply in found]


def test_detectors_get_the_time_at_which_they_came_in_as_utc(
    database: Database, tmp_path: Path
) -> None:
    rows.ingest(database, tmp_path, "detectors", rows.detectors("d0"))
    with database.read() as cursor:
        assert cursor.rows("SELECT created_at FROM detectors") == [
            (rows.NOON.replace(tzinfo=None),)
        ]


def test_a_detector_that_is_adopted_again_becomes_the_newest(
    database: Database, tmp_path: Path
) -> None:
    for part, name in enumerate(("d1", "d2", "d1")):
        database.now = lambda part=part: rows.NOON + timedelta(hours=part)  # type: ignore[misc]
        rows.ingest(database, tmp_path, "detectors", rows.detectors(name), part=part)
        newest = initial_detector(database)
        assert newest is not None
        assert newest.detector_id == name
    assert count(database, "detectors") == 2
