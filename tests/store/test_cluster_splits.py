"""Splitting clusters, parts of parts, and undoing it all."""

from pathlib import Path

import polars as pl
import pytest

from store.cluster_splits import read_placed_members, split
from store.clusters import list_clusters
from store.database.connection import Database
from store.decisions import Decision, record, redo, undo
from store.errors import DecisionRefused
from tests import rows
from tests.store.test_decisions import label, labels

ADVICE, CONTENT, _ = rows.LABELS


def parts(*numbers: int, answers: tuple[str, ...] = ("a-s0", "a-s1", "a-s2")) -> pl.DataFrame:
    """Members of a cluster with the part that each goes to; later ones lie farther out."""
    return pl.DataFrame(
        {
            "answer_id": answers,
            "confidence": [0.9] * len(answers),
            "seed_label": [ADVICE] * len(answers),
            "seed_dataset": ["seeds"] * len(answers),
            "part": numbers,
            "distance": [0.1 * place for place in range(len(answers))],
        },
        schema_overrides={"confidence": pl.Float32, "distance": pl.Float32},
    )


def leaves(database: Database) -> dict[str, int]:
    return {cluster.cluster_id: cluster.size for cluster in list_clusters(database)}


def test_the_parts_stand_in_the_place_of_the_cluster(labelled: Database) -> None:
    ids = split(labelled, "ada", "c0", parts(0, 1, 1))
    assert leaves(labelled) == {"c1": 3, ids[0]: 2, ids[1]: 1}
    larger = next(item for item in list_clusters(labelled) if item.cluster_id == ids[0])
    assert larger.representative_id == "a-s1"
    assert larger.representative == "The answer to s1."
    assert (larger.parent_id, larger.predicted_label) == ("c0", ADVICE)
    assert larger.seed_labels == {ADVICE: 2}


def test_the_decision_on_the_whole_does_not_count_for_the_parts(labelled: Database) -> None:
    label(labelled, "c0", CONTENT)
    ids = split(labelled, "ada", "c0", parts(0, 1, 1))
    assert labels(labelled) == {}
    label(labelled, ids[0], ADVICE)
    assert labels(labelled) == {"a-s1": (ADVICE, "centroid"), "a-s2": (ADVICE, "propagated")}


def test_undo_merges_the_parts_again_and_brings_the_old_decision_back(labelled: Database) -> None:
    label(labelled, "c0", CONTENT)
    ids = split(labelled, "ada", "c0", parts(0, 1, 1))
    label(labelled, ids[0], ADVICE)
    undo(labelled, "ada")
    assert undo(labelled, "ada").kind == "split"
    assert leaves(labelled) == {"c0": 3, "c1": 3}
    assert labels(labelled)["a-s2"] == (CONTENT, "propagated")
    redo(labelled, "ada")
    redo(labelled, "ada")
    assert labels(labelled)["a-s2"] == (ADVICE, "propagated")


def test_parts_of_a_part_fall_with_the_split_above_them(labelled: Database) -> None:
    outer = split(labelled, "ada", "c0", parts(0, 1, 1))
    inner = split(labelled, "bob", outer[0], parts(0, 1, answers=("a-s1", "a-s2")))
    assert set(leaves(labelled)) == {"c1", outer[1], *inner}
    undo(labelled, "ada")
    assert set(leaves(labelled)) == {"c0", "c1"}


def test_of_two_splits_of_one_cluster_the_newest_counts(labelled: Database) -> None:
    split(labelled, "ada", "c0", parts(0, 1, 1))
    undo(labelled, "ada")
    newest = split(labelled, "bob", "c0", parts(0, 0, 1))
    redo(labelled, "ada")
    assert set(leaves(labelled)) == {"c1", *newest}


def test_what_does_not_stand_or_has_one_part_is_not_split(labelled: Database) -> None:
    with pytest.raises(DecisionRefused, match="too much alike"):
        split(labelled, "ada", "c0", parts(0, 0, 0))
    split(labelled, "ada", "c0", parts(0, 1, 1))
    with pytest.raises(DecisionRefused, match="changed meanwhile"):
        split(labelled, "ada", "c0", parts(0, 1, 1))
    with pytest.raises(DecisionRefused, match="changed meanwhile"):
        split(labelled, "ada", "c1", parts(0, 1, answers=("a-s3", "a-s4")))


def test_vectors_come_with_the_members_nearest_first(labelled: Database) -> None:
    found = read_placed_members(labelled, "c1")
    assert found["answer_id"].to_list() == ["a-s3", "a-s4", "a-s5"]
    assert found["seed_label"].to_list() == [ADVICE] * 3
    assert found["seed_dataset"].to_list() == ["seeds"] * 3
    assert found["vector"].to_list() == [[1.0, 0.0]] * 3


def test_members_lie_in_the_space_in_which_their_cluster_was_made(
    labelled: Database, tmp_path: Path
) -> None:
    rows.ingest(
        labelled, tmp_path, "vectors", rows.vectors({"a-s0": [0.0, 1.0], "a-s1": [1.0, 0.0]})
    )
    later = rows.members({"n0": ["a-s1", "a-s0"]}, clustering_id="g9").with_columns(
        embeddings=pl.lit("encoder"), encoder=pl.lit("e")
    )
    rows.ingest(labelled, tmp_path, "members", later, part=9)
    found = read_placed_members(labelled, "n0")
    assert found.select("answer_id", "vector").rows() == [("a-s1", [1, 0]), ("a-s0", [0, 1])]
    assert read_placed_members(labelled, "c1")["vector"].to_list() == [[1, 0]] * 3
    with pytest.raises(DecisionRefused, match="changed meanwhile"):
        read_placed_members(labelled, "gone")


def test_an_override_survives_a_split(labelled: Database) -> None:
    record(labelled, "ada", [Decision("label", answer_id="a-s1", label=CONTENT)])
    ids = split(labelled, "ada", "c0", parts(0, 1, 1))
    label(labelled, ids[0], ADVICE)
    assert labels(labelled)["a-s1"] == (CONTENT, "override")
