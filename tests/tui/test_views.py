"""The queue of clusters: moving, deciding, what is left."""

from types import SimpleNamespace

import pytest

from store.clusters import Cluster
from tui.views import ClusterQueue, Labels


def cluster(name: str, size: int = 1, decision: str | None = None) -> Cluster:
    label = "advice" if decision == "label" else None
    return Cluster(name, None, "advice", size, decision, label, 0.9, 0.1, f"a-{name}", name)


def queue(*decisions: str | None, index: int = 0) -> ClusterQueue:
    clusters = (cluster(str(n), 10 - n, decision) for n, decision in enumerate(decisions))
    return ClusterQueue(tuple(clusters), index)


@pytest.mark.parametrize(
    ("start", "next_index"),
    [
        (queue(None, "label", "skip", None), 3),
        (queue(None, "label", "skip", None, index=3), 0),
        (queue("label", "label", "skip", index=1), 1),
        (queue(None, index=0), 0),
        (ClusterQueue(), 0),
    ],
)
def test_the_next_undecided_cluster_comes_after_this_one_and_around_the_end(
    start: ClusterQueue, next_index: int
) -> None:
    assert start.at_next_undecided().index == next_index


def test_the_first_undecided_cluster_may_be_this_one() -> None:
    assert queue(None, None).at_next_undecided(from_here=True).index == 0


@pytest.mark.parametrize(("wanted", "index"), [(-1, 2), (0, 0), (1, 1), (99, 2)])
def test_moving_stays_within_the_queue(wanted: int, index: int) -> None:
    assert queue(None, None, None, index=1).at(wanted).index == index


def test_counts_are_of_clusters_and_of_their_rows() -> None:
    counted = queue("label", "skip", None)
    assert (counted.labelled, counted.skipped) == (1, 1)
    assert (counted.rows_labelled, counted.rows) == (10, 27)


def test_new_decisions_replace_all_that_were_there() -> None:
    before = queue("label", "label", None)
    after = before.with_decisions({"2": ("label", "advice"), "0": ("skip", None)})
    assert [item.decision for item in after.clusters] == ["skip", None, "label"]
    assert [item.label for item in after.clusters] == [None, None, "advice"]


def test_a_queue_without_clusters_looks_at_none() -> None:
    assert ClusterQueue().current is None
    assert ClusterQueue().at(-1).index == 0


def test_every_label_has_a_glyph_of_its_own_and_a_strange_one_a_hollow_one() -> None:
    task = [SimpleNamespace(name=name, key=key, definition="") for name, key in ("a1", "b2", "c3")]
    labels = Labels.of(task)
    assert len({view.glyph for view in labels.views}) == 3
    assert labels.named("unheard-of").glyph == "○"
    assert labels.keyed("2") == labels.named("b")
    assert labels.keyed("9") is None
