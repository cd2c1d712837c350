"""Vectors of answers by the space that is asked for."""

from pathlib import Path

import polars as pl
import pytest

from store.database.connection import Database
from store.spaces import Embeddings, Space
from store.vectors import newest_space, read_vectors, stored_vectors
from tests import rows

ADVICE = rows.LABELS[0]
WANTED = pl.DataFrame({"answer_id": ["a-s2", "a-s0", "a-s9", "a-s1"]})


@pytest.fixture
def embedded(labelled: Database, tmp_path: Path) -> Database:
    """Embeddings by the detector are [1, 0]; the encoder "e" lacks a-s1 and failed at a-s2."""
    found = rows.vectors({"a-s0": [0.0, 1.0], "a-s2": [1.0, 0.0]})
    failed = pl.when(pl.col("answer_id") == "a-s2").then(pl.lit("no text"))
    rows.ingest(labelled, tmp_path, "vectors", found.with_columns(error=failed))
    others = rows.vectors({"a-s0": [1.0, 0.0, 0.0]}, encoder="other")
    rows.ingest(labelled, tmp_path, "vectors", others, part=1)
    return labelled


@pytest.mark.parametrize(
    ("embeddings", "expected"),
    [
        ("detector", {"a-s0": [1, 0], "a-s1": [1, 0], "a-s2": [1, 0]}),
        ("encoder", {"a-s0": [0, 1]}),
        ("both", {"a-s0": [1, 0, 0, 1]}),
    ],
)
def test_vectors_of_the_answers_that_have_one_in_a_space_come_by_id(
    embedded: Database, embeddings: Embeddings, expected: dict[str, list[float]]
) -> None:
    found = read_vectors(embedded, Space(embeddings, "d0", "e"), WANTED)
    assert dict(found.rows()) == expected
    assert found["answer_id"].is_sorted()
    assert found["vector"].dtype == pl.List(pl.Float32)


def test_another_detector_and_another_encoder_have_other_vectors(embedded: Database) -> None:
    assert read_vectors(embedded, Space("detector", "d9"), WANTED).is_empty()
    found = read_vectors(embedded, Space("encoder", "d0", "other"), WANTED)
    assert found["vector"].to_list() == [[1, 0, 0]]


def test_the_newest_active_clustering_says_which_space_counts(
    embedded: Database, tmp_path: Path
) -> None:
    assert newest_space(embedded) == Space("detector", "d0")
    later = rows.members({"n0": ["a-s0"]}, clustering_id="g9").with_columns(
        embeddings=pl.lit("both"), encoder=pl.lit("e")
    )
    rows.ingest(embedded, tmp_path, "members", later, part=9)
    assert newest_space(embedded) == Space("both", "d0", "e")


def test_without_clusters_there_is_no_space(tmp_path: Path) -> None:
    with Database(tmp_path) as database:
        assert newest_space(database) is None


def test_a_stage_is_given_the_rows_of_its_encoder_alone_those_that_failed_included(
    embedded: Database,
) -> None:
    found = stored_vectors(embedded, "e", WANTED["answer_id"])
    assert found["answer_id"].to_list() == ["a-s0", "a-s2"]
    assert found["error"].to_list() == [None, "no text"]
