from collections.abc import Callable
from pathlib import Path

import pytest

from store.clusters import list_clusters, read_members
from store.counts import count_all
from store.database.connection import Database
from store.datasets import list_datasets
from store.decisions import Decision, record
from store.errors import DatasetInUse, ImportRefused, UnknownName
from store.evaluations import list_evaluations
from store.labels import relabel_dataset
from store.removal import Removed, remove_dataset
from store.renaming import rename_dataset
from tests import rows

ADVICE, CONTENT, GENERAL = rows.LABELS
ORPHANS = {
    "queries without a sample": "queries ANTI JOIN samples USING (sample_id)",
    "answers without a query": "answers ANTI JOIN queries USING (query_id)",
    "members without an answer": "members ANTI JOIN answers USING (answer_id)",
    "members without a cluster": "members ANTI JOIN clusters USING (cluster_id)",
    "clusters without members": "clusters ANTI JOIN members USING (cluster_id)",
    "representatives that are no members": """clusters c ANTI JOIN members m
        ON m.answer_id = c.representative_id AND m.cluster_id = c.cluster_id AND m.rank = 0""",
    "drift without an answer": "drift ANTI JOIN answers USING (answer_id)",
    "vectors without an answer": "vectors ANTI JOIN answers USING (answer_id)",
    "predictions of nothing": """predictions WHERE item_id NOT IN (SELECT answer_id FROM answers
        UNION SELECT sample_id FROM samples)""",
    "decisions on no cluster": """decisions WHERE cluster_id IS NOT NULL
        AND cluster_id NOT IN (SELECT cluster_id FROM clusters)""",
    "decisions on no answer": """decisions WHERE answer_id IS NOT NULL
        AND answer_id NOT IN (SELECT answer_id FROM answers)""",
    "evaluated rows without a sample": "evaluation_rows ANTI JOIN samples USING (sample_id)",
}


def orphans(database: Database) -> dict[str, int]:
    with database.read() as cursor:
        found = {
            name: cursor.number(f"SELECT count(*) FROM {what}") for name, what in ORPHANS.items()
        }
    return {name: number for name, number in found.items() if number}


@pytest.fixture
def mixed(labelled: Database, tmp_path: Path) -> Database:
    """Two datasets, "seeds" and "more", whose answers share the clusters of one clustering."""
    rows.add_dataset(labelled, "more", [("m0", "More.", CONTENT), ("m1", "Else.", GENERAL)], "seed")
    rows.ingest(labelled, tmp_path, "queries", rows.queries(["m0", "m1"]), part=1)
    rows.ingest(labelled, tmp_path, "answers", rows.answers(["m0", "m1"]), part=1)
    predicted = rows.predictions({"a-m0": ADVICE, "a-m1": ADVICE})
    rows.ingest(labelled, tmp_path, "predictions", predicted, part=1)
    clusters = {
        "x0": ["a-s0", "a-m0", "a-s1"],
        "x1": ["a-m1", "a-s2", "a-s3"],
        "x2": ["a-s4", "a-s5"],
    }
    rows.ingest(labelled, tmp_path, "members", rows.members(clusters, clustering_id="g1"), part=1)
    scores = {f"a-{name}": 0.5 for name in ("s0", "s1", "m0", "m1")}
    rows.ingest(labelled, tmp_path, "drift", rows.drift(scores))
    rows.ingest(labelled, tmp_path, "vectors", rows.vectors(dict.fromkeys(scores, (1.0,))))
    for cluster in ("x0", "x1", "x2"):
        record(labelled, "ada", [Decision("label", cluster_id=cluster, label=ADVICE)])
    return labelled


def test_a_dataset_goes_with_all_that_hangs_on_it(mixed: Database) -> None:
    removed = remove_dataset(mixed, "seeds", with_answers=True)
    assert removed == Removed(samples=6, queries=6, answers=6, decisions=2)
    assert orphans(mixed) == {}
    assert [item.dataset for item in list_datasets(mixed)] == ["more"]
    counts = count_all(mixed)
    assert (counts.samples, counts.queries, counts.answers, counts.clusters) == (2, 2, 2, 2)


def test_a_cluster_that_loses_its_representative_is_undecided_again(mixed: Database) -> None:
    remove_dataset(mixed, "seeds", with_answers=True)
    first, second = sorted(list_clusters(mixed), key=lambda item: item.cluster_id)
    assert (first.representative_id, first.size, first.seed_labels) == ("a-m0", 1, {CONTENT: 1})
    assert second.representative_id == "a-m1"
    with mixed.read() as cursor:
        assert cursor.rows("SELECT cluster_id, label FROM cluster_decisions") == [("x1", ADVICE)]
        assert cursor.rows("SELECT answer_id FROM answer_labels") == [("a-m1",)]


def test_members_that_stay_move_up_and_keep_the_labels_that_reached_them(
    mixed: Database,
) -> None:
    record(mixed, "ada", [Decision("label", cluster_id="x0", label=GENERAL, reach=2)])
    remove_dataset(mixed, "more", with_answers=True)
    assert orphans(mixed) == {}
    assert [(item.answer_id, item.rank) for item in read_members(mixed, "x0")] == [
        ("a-s0", 0), ("a-s1", 1),
    ]  # fmt: skip
    with mixed.read() as cursor:
        labels = dict(cursor.rows("SELECT answer_id, label FROM answer_labels"))
    assert labels["a-s0"] == GENERAL
    assert "a-s1" not in labels


CHANGES: dict[str, Callable[[Database], object]] = {
    "remove": lambda database: remove_dataset(database, "more"),
    "rename": lambda database: rename_dataset(database, "more", "others"),
    "relabel": lambda database: relabel_dataset(database, "more", {}, ADVICE),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_dataset_with_answers_is_left_alone_unless_asked(mixed: Database, change: str) -> None:
    before = count_all(mixed)
    with pytest.raises(
        DatasetInUse, match=r"2 questions and 2 answers, 2 of them labelled.*--with"
    ):
        CHANGES[change](mixed)
    assert count_all(mixed) == before


def test_a_dataset_that_nothing_hangs_on_is_removed_at_once(database: Database) -> None:
    rows.add_dataset(database, "d", [("d0", "x", None)], "seed")
    assert remove_dataset(database, "d").samples == 1
    with pytest.raises(UnknownName):
        remove_dataset(database, "d")


def test_a_new_name_is_the_name_everywhere_and_ids_stay(mixed: Database) -> None:
    rename_dataset(mixed, "more", "others", with_answers=True)
    assert {item.dataset for item in list_datasets(mixed)} == {"seeds", "others"}
    assert {name for item in list_clusters(mixed) for name in item.datasets} == {"seeds", "others"}
    with pytest.raises(ImportRefused, match="choose another name"):
        rename_dataset(mixed, "others", "seeds", with_answers=True)


def test_clusters_count_their_seeds_by_the_new_labels(mixed: Database) -> None:
    relabel_dataset(mixed, "more", {CONTENT: GENERAL}, None, with_answers=True)
    assert {item.cluster_id: item.seed_labels for item in list_clusters(mixed)}["x0"] == {
        ADVICE: 2, GENERAL: 1,
    }  # fmt: skip


def test_only_labels_that_are_there_can_be_mapped(database: Database) -> None:
    rows.add_dataset(database, "d", [("d0", "x", None), ("d1", "y", ADVICE)], "seed")
    with pytest.raises(ImportRefused, match="has the label 'other'"):
        relabel_dataset(database, "d", {"other": ADVICE}, None)
    assert relabel_dataset(database, "d", {"": CONTENT}, None) == 1
    assert relabel_dataset(database, "d", {}, CONTENT) == 1


@pytest.fixture
def judged(database: Database, tmp_path: Path) -> Database:
    """A detector that was judged on a benchmark of three rows, all said to be advice."""
    samples = [(f"b{n}", f"Text {n}.", ADVICE if n else CONTENT) for n in range(3)]
    rows.add_dataset(database, "bench", samples, "benchmark")
    rows.ingest(database, tmp_path, "detectors", rows.detectors("d0"))
    said = [(name, label, ADVICE) for name, _, label in samples]
    found = rows.evaluation(said, detector_id="d0", dataset="bench")
    rows.ingest(database, tmp_path, "evaluation_rows", found)
    return database


def test_an_evaluation_of_a_relabelled_benchmark_is_about_its_new_labels(judged: Database) -> None:
    relabel_dataset(judged, "bench", {CONTENT: ADVICE}, None)
    (found,) = list_evaluations(judged, "bench")
    assert found.confusion == {(ADVICE, ADVICE): 3}


def test_an_evaluation_follows_a_renamed_benchmark(judged: Database) -> None:
    rename_dataset(judged, "bench", "held")
    (found,) = list_evaluations(judged, "held")
    assert (found.n, list_evaluations(judged, "bench")) == (3, [])


def test_no_evaluation_is_left_of_a_removed_benchmark(judged: Database) -> None:
    remove_dataset(judged, "bench")
    rows.add_dataset(judged, "bench", [("b0", "Another.", ADVICE)], "benchmark")
    assert list_evaluations(judged, "bench") == []
    assert orphans(judged) == {}


def test_an_evaluation_that_comes_late_with_old_labels_does_not_count(
    judged: Database, tmp_path: Path
) -> None:
    late = rows.evaluation([("b1", GENERAL, ADVICE)], detector_id="d0", dataset="bench")
    rows.ingest(
        judged, tmp_path, "evaluation_rows",
        late.with_columns(evaluation_id=late["evaluation_id"] + "-late"), part=1,
    )  # fmt: skip
    assert [item.n for item in list_evaluations(judged, "bench")] == [3]
