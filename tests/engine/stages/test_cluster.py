from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from engine.clustering.kmeans import cluster_embeddings
from engine.stages.cluster import ClusterParams, ClusterStage
from store.ids import row_id
from store.schema import MEANT_LABELS, SAMPLES
from tests import rows
from tests.fakes import make_inputs, run_stage

ADVICE, CONTENT = "health-advice", "health-content"


def cluster(
    folder: Path,
    labels: list[str],
    points: np.ndarray,
    *,
    datasets: int = 1,
    vectors: pl.DataFrame | None = None,
    meant: pl.DataFrame | None = None,
    **params: object,
) -> pl.DataFrame:
    names = [f"s{number:03}" for number in range(len(labels))]
    found = {f"a-{name}": label for name, label in zip(names, labels, strict=True)}
    predictions = rows.predictions(found).with_columns(
        embedding=pl.Series(points.tolist(), dtype=pl.List(pl.Float32))
    )
    samples = [
        {"sample_id": name, "dataset": f"d{number % datasets}", "text": name}
        for number, name in enumerate(names)
    ]
    tables = {
        "predictions": predictions,
        "answers": rows.answers(names),
        "queries": rows.queries(names),
        "samples": rows.frame(SAMPLES, samples),
        **({} if vectors is None else {"vectors": vectors}),
        **({} if meant is None else {"meant_labels": meant}),
    }
    chosen = ClusterParams.model_validate(params)
    return run_stage(ClusterStage(), make_inputs(folder, tables), chosen)


def blobs(per_blob: int, centres: int) -> np.ndarray:
    random = np.random.default_rng(0)
    middles = np.arange(centres)[:, None] * np.array([10.0, -10.0])
    return np.concatenate(
        [middle + random.normal(size=(per_blob, 2)) for middle in middles]
    ).astype(np.float32)


def test_what_was_written_for_a_label_is_clustered_inside_that_one(tmp_path: Path) -> None:
    meant = rows.frame(
        MEANT_LABELS,
        [{"answer_id": f"a-s{number:03}", "label": CONTENT} for number in (0, 1)],
    )
    found = cluster(
        tmp_path, [ADVICE, CONTENT, ADVICE], blobs(3, 1), k=1, meant=meant,
        has_meant=True,
    )  # fmt: skip
    told = found.select("answer_id", "predicted_label", "confidence").sort("answer_id").rows()
    assert [(name, label, round(sure, 2)) for name, label, sure in told] == [
        ("a-s000", CONTENT, 0.2), ("a-s001", CONTENT, 0.8), ("a-s002", ADVICE, 0.8)
    ]  # fmt: skip


def test_answers_are_clustered_inside_their_predicted_label(tmp_path: Path) -> None:
    points = blobs(30, 4)
    found = cluster(tmp_path, [ADVICE, CONTENT] * 60, points, k=2)
    assert found.height == 120
    by_label = found.group_by("predicted_label").agg(pl.col("cluster_id").n_unique())
    assert set(by_label.rows()) == {(ADVICE, 2), (CONTENT, 2)}
    assert (
        found.group_by("cluster_id")
        .agg(pl.col("predicted_label").n_unique())["predicted_label"]
        .to_list()
        == [1] * 4
    )


def test_the_representative_is_the_member_nearest_to_the_mean(tmp_path: Path) -> None:
    points = blobs(30, 2)
    found = cluster(tmp_path, [ADVICE] * 60, points, k=2)
    for (_,), members in found.group_by("cluster_id"):
        index = [int(answer[3:]) for answer in members["answer_id"]]
        centre = points[index].mean(axis=0)
        distances = np.linalg.norm(points[index] - centre, axis=1)
        nearest = members.filter(pl.col("rank") == 0)["answer_id"][0]
        assert int(nearest[3:]) == index[int(distances.argmin())]
        assert members["distance"].to_list() == pytest.approx(distances.tolist(), abs=1e-3)
        assert members.sort("rank")["distance"].is_sorted()


def test_a_group_of_no_more_than_k_answers_is_labelled_one_by_one(tmp_path: Path) -> None:
    found = cluster(tmp_path, [ADVICE] * 5, blobs(5, 1), k=5)
    assert found["cluster_id"].n_unique() == 5
    assert found["distance"].to_list() == [0.0] * 5


def test_scope_dataset_keeps_datasets_apart(tmp_path: Path) -> None:
    apart = cluster(tmp_path / "d", [ADVICE] * 60, blobs(30, 2), datasets=2, k=2, scope="dataset")
    assert apart.group_by("dataset").agg(pl.col("cluster_id").n_unique()).sort(
        "dataset"
    ).rows() == [
        ("d0", 2),
        ("d1", 2),
    ]
    together = cluster(tmp_path / "a", [ADVICE] * 60, blobs(30, 2), datasets=2, k=2)
    assert together["dataset"].null_count() == 60
    assert together["cluster_id"].n_unique() == 2


def test_the_same_input_and_seed_give_the_same_members_ranks_and_representatives(
    tmp_path: Path,
) -> None:
    points = np.random.default_rng(1).normal(size=(200, 8)).astype(np.float32)
    labels = [ADVICE] * 200
    first = cluster(tmp_path / "1", labels, points, k=7, seed=3)
    again = cluster(tmp_path / "2", labels, points, k=7, seed=3)
    other = cluster(tmp_path / "3", labels, points, k=7, seed=4)
    assert first.equals(again)
    assert not first["answer_id"].equals(other["answer_id"])
    assert first["threads"].unique().to_list() == [1]


def parted(found: pl.DataFrame) -> set[frozenset[str]]:
    """The answers of each cluster."""
    groups = found.group_by("cluster_id").agg("answer_id")["answer_id"]
    return {frozenset(group) for group in groups}


def test_answers_are_clustered_where_the_chosen_embeddings_place_them(tmp_path: Path) -> None:
    names = [f"a-s00{number}" for number in range(4)]
    by_detector = np.array([[0, 9], [0, 8], [9, 0], [8, 0]], dtype=np.float32)
    by_encoder = dict(zip(names, ([1, 0], [0, 1], [1, 0], [0, 1]), strict=True))
    vectors = pl.concat([rows.vectors(by_encoder), rows.vectors(by_encoder, encoder="other")])
    given = (tmp_path, [ADVICE] * 4, by_detector)
    alone = cluster(*given, k=2)
    assert parted(alone) == {frozenset(names[:2]), frozenset(names[2:])}
    assert alone.select("embeddings", "encoder").unique().rows() == [("detector", None)]
    meant = cluster(*given, vectors=vectors, k=2, embeddings="encoder", encoder="e")
    assert parted(meant) == {frozenset(names[::2]), frozenset(names[1::2])}
    both = cluster(*given, vectors=vectors, k=4, embeddings="both", encoder="e")
    assert len(parted(both)) == 4
    assert both.select("embeddings", "encoder").unique().rows() == [("both", "e")]
    ids = [found["clustering_id"][0] for found in (alone, meant, both)]
    assert len(set(ids)) == 3


def test_with_both_answers_are_apart_by_either_however_long_the_vectors_are(tmp_path: Path) -> None:
    by_detector = np.array([[0.1, 0], [0.1, 0], [0.1, 0], [0, 0.1]] * 5, dtype=np.float32)
    names = [f"a-s{number:03}" for number in range(20)]
    places = [[0, 1] if number % 4 == 2 else [1, 0] for number in range(20)]
    vectors = rows.vectors(dict(zip(names, places, strict=True)))
    found = cluster(
        tmp_path, [ADVICE] * 20, by_detector, vectors=vectors, k=3, embeddings="both", encoder="e"
    )
    assert sorted(map(len, parted(found))) == [5, 5, 10]


def test_an_answer_that_has_no_vector_is_in_no_cluster(tmp_path: Path) -> None:
    vectors = rows.vectors({"a-s000": [1.0], "a-s001": [0.5]})
    failed = pl.when(pl.col("answer_id") == "a-s001").then(pl.lit("not finite"))
    found = cluster(
        tmp_path, [ADVICE] * 3, blobs(3, 1), vectors=vectors.with_columns(error=failed),
        embeddings="encoder", encoder="e",
    )  # fmt: skip
    assert found["answer_id"].to_list() == ["a-s000"]


def test_the_ids_of_clusters_by_the_detector_are_those_of_earlier_versions(tmp_path: Path) -> None:
    found = cluster(tmp_path, [ADVICE] * 4, blobs(4, 1), k=2)
    expected = row_id("clustering", "job-1", "d0", "all", 2, 0)
    assert found["clustering_id"].unique().to_list() == [expected]
    ids = {row_id("cluster", expected, None, ADVICE, number) for number in range(2)}
    assert set(found["cluster_id"]) == ids


@pytest.mark.parametrize(
    "params", [{"embeddings": "both"}, {"encoder": "e"}, {"embeddings": "both", "encoder": None}]
)
def test_an_encoder_is_named_only_where_it_is_used(params: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="an encoder is named"):
        ClusterParams.model_validate(params)


def test_equal_answers_are_ranked_by_id(tmp_path: Path) -> None:
    points = np.ones((6, 2), dtype=np.float32)
    points[5] = 9.0
    found = cluster(tmp_path, [ADVICE] * 6, points, k=2)
    same = found.filter(pl.col("answer_id") != "a-s005").sort("rank")
    assert same["answer_id"].to_list() == [f"a-s00{number}" for number in range(5)]


def test_answers_whose_prediction_failed_are_left_out(tmp_path: Path) -> None:
    names = ["s0", "s1"]
    failed = rows.predictions({"a-s1": ADVICE}).with_columns(error=pl.lit("NaN"))
    tables = {
        "predictions": pl.concat([rows.predictions({"a-s0": ADVICE}), failed]),
        "answers": rows.answers(names),
        "queries": rows.queries(names),
        "samples": rows.frame(SAMPLES, [{"sample_id": n, "dataset": "d"} for n in names]),
    }
    found = run_stage(ClusterStage(), make_inputs(tmp_path, tables), ClusterParams())
    assert found["answer_id"].to_list() == ["a-s0"]


def test_a_clustering_that_is_there_already_is_not_made_again(tmp_path: Path) -> None:
    inputs = make_inputs(tmp_path, {}, parts_done=1)
    assert list(ClusterStage().run(inputs, ClusterParams())) == []


@settings(deadline=None, max_examples=20)
@given(st.integers(1, 30), st.integers(1, 8))
def test_every_row_gets_one_of_at_most_k_clusters(count: int, k: int) -> None:
    matrix = np.random.default_rng(count).normal(size=(count, 3)).astype(np.float32)
    labels, distances = cluster_embeddings(matrix, k, seed=0)
    assert len(labels) == len(distances) == count
    assert len(set(labels.tolist())) == (count if count <= k else k)
