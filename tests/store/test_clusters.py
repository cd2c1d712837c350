"""Members of clusters: one by its id, some that are drawn, and where answers are."""

from pathlib import Path

import polars as pl

from store.clusters import draw_members, find_clusters, read_members
from store.database.connection import Database
from tests import rows


def test_one_member_can_come_before_all_others_if_it_is_one(labelled: Database) -> None:
    found = read_members(labelled, "c0", first="a-s1", limit=2)
    assert [(item.answer_id, item.rank) for item in found] == [("a-s1", 1), ("a-s0", 0)]
    elsewhere = read_members(labelled, "c0", order="farthest", first="a-s5")
    assert [item.rank for item in elsewhere] == [2, 1, 0]


def test_some_members_of_each_cluster_are_drawn_the_same_each_time(labelled: Database) -> None:
    clusters = pl.DataFrame({"cluster_id": ["c0", "c1"]})
    found = draw_members(labelled, clusters, 2)
    assert found["cluster_id"].to_list() == ["c0", "c0", "c1", "c1"]
    assert found.equals(draw_members(labelled, clusters, 2))
    assert set(found["answer_id"]) <= set(draw_members(labelled, clusters, 3)["answer_id"])
    assert draw_members(labelled, clusters.head(1), 9).height == 3


def test_answers_are_found_in_their_active_clusters(labelled: Database, tmp_path: Path) -> None:
    later = rows.members({"n0": ["a-s0", "a-s1", "a-s2"]}, clustering_id="g9")
    rows.ingest(labelled, tmp_path, "members", later, part=9)
    found = find_clusters(labelled, ["a-s0", "a-s4", "a-s9"])
    assert found == {"a-s0": "n0"}  # the older clustering, also of a-s4, is superseded
