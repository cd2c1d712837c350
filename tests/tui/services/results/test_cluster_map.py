"""The map of the clusters, on a store filled by hand."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from store.database.connection import Database
from store.decisions import Decision, record, undo
from tests import rows
from tui.services.results.cluster_map import MapReader

ADVICE, CONTENT, _ = rows.LABELS
# On a line of four times the variance, then aside of it.
PLACES = {"s0": (0, 0), "s1": (4, 0), "s2": (4, 2), "s3": (0, 2), "s4": (0, 2), "s5": (4, 2)}
CLUSTERS = {"c0": ["a-s0", "a-s3", "a-s4"], "c1": ["a-s1", "a-s2"], "c2": ["a-s5"]}


def embedded(names: list[str], detector_id: str = "d0") -> pl.DataFrame:
    found = rows.predictions({f"a-{name}": ADVICE for name in names}, detector_id=detector_id)
    places = pl.Series([list(map(float, PLACES[name])) for name in names])
    return found.with_columns(embedding=places.cast(pl.List(pl.Float32)))


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[Database]:
    names = list(PLACES)
    with Database(tmp_path) as database:
        labels = [CONTENT if name == "s3" else ADVICE for name in names]
        seeds = [(name, f"Seed {name}", label) for name, label in zip(names, labels, strict=True)]
        rows.add_dataset(database, "seeds", seeds, "seed")
        for table, frame in (
            ("queries", rows.queries(names)),
            ("answers", rows.answers(names)),
            ("predictions", embedded(names)),
            ("members", rows.members(CLUSTERS)),
        ):
            rows.ingest(database, tmp_path, table, frame)
        yield database


def test_answers_lie_by_their_embeddings_and_clusters_at_their_representatives(
    filled: Database,
) -> None:
    found = MapReader(filled).read()
    assert [cluster.cluster_id for cluster in found.clusters] == ["c0", "c1", "c2"]
    assert found.answers == len(found.answer_ids) == 6
    (plane,) = found.planes  # one predicted label, so that its own is the same
    assert plane.shares == pytest.approx((0.8182, 0.1818), abs=1e-4)  # 4 to 8/9
    spots = dict(zip(plane.clusters, plane.spots, strict=True))
    assert spots[0] == pytest.approx((-2, -4 / 3))
    assert spots[1] == pytest.approx((2, -4 / 3))
    assert spots[2] == pytest.approx((2, 2 / 3))
    drawn = dict(zip(found.answer_ids, zip(plane.xs, plane.ys, strict=True), strict=True))
    assert drawn["a-s3"] == pytest.approx((-2, 2 / 3))
    assert [found.clusters[place].cluster_id for place in found.cluster_of] == [
        "c0", "c1", "c1", "c0", "c0", "c2",
    ]  # fmt: skip


def test_a_cluster_of_several_seed_labels_or_with_an_override_is_mixed(filled: Database) -> None:
    reader = MapReader(filled)
    first = reader.read()
    assert [cluster.is_mixed for cluster in first.clusters] == [True, False, False]
    assert first.clusters[0].seed_labels == {ADVICE: 2, CONTENT: 1}
    record(filled, "ann", [Decision("label", answer_id="a-s2", label=CONTENT)])
    second = reader.read()
    assert [cluster.overrides for cluster in second.clusters] == [0, 1, 0]
    assert [cluster.is_mixed for cluster in second.clusters] == [True, True, False]
    assert second.planes is first.planes  # decisions move nothing
    undo(filled, "ann")
    assert reader.read().clusters == first.clusters


def test_a_sample_has_every_representative_and_is_the_same_each_time(filled: Database) -> None:
    found, again = MapReader(filled, limit=1).read(), MapReader(filled, limit=1).read()
    assert found.answers == 6
    assert len(found.answer_ids) == 4
    assert {"a-s0", "a-s1", "a-s5"} < set(found.answer_ids)
    assert found == again


def test_clusters_of_another_detector_are_counted_and_not_drawn(filled: Database) -> None:
    names = ["s6", "s7"]
    rows.add_dataset(filled, "more", [(name, name, None) for name in names], "seed")
    later = embedded(["s0", "s1"], "d1").with_columns(item_id=pl.Series(["a-s6", "a-s7"]))
    members = rows.members({"c9": ["a-s6", "a-s7"]}, clustering_id="g1", detector_id="d1")
    for table, frame in (
        ("queries", rows.queries(names)),
        ("answers", rows.answers(names)),
        ("predictions", later),
        ("members", members),
    ):
        rows.ingest(filled, filled.workspace, table, frame, part=1)
    found = MapReader(filled).read()
    assert [cluster.cluster_id for cluster in found.clusters] == ["c9"]
    assert (found.answers, found.elsewhere) == (2, 3)


def test_clusters_are_drawn_where_the_newest_clustering_placed_its_answers(
    filled: Database, tmp_path: Path
) -> None:
    on_a_line = rows.vectors({"a-s0": [0.0, 0.0], "a-s1": [3.0, 4.0]})
    rows.ingest(filled, tmp_path, "vectors", on_a_line)
    members = rows.members({"n0": ["a-s0"], "n1": ["a-s1"]}, clustering_id="g1").with_columns(
        embeddings=pl.lit("encoder"), encoder=pl.lit("e")
    )
    rows.ingest(filled, tmp_path, "members", members, part=1)
    found = MapReader(filled).read()
    assert {cluster.cluster_id for cluster in found.clusters} == {"n0", "n1"}
    (plane,) = found.planes
    assert plane.shares == pytest.approx((1.0, 0.0))
    assert sorted(x for x, _ in plane.spots) == pytest.approx([-2.5, 2.5])


def test_without_clusters_there_is_no_plane(tmp_path: Path) -> None:
    with Database(tmp_path) as database:
        found = MapReader(database).read()
    assert (found.clusters, found.planes, found.answers) == ((), (), 0)
