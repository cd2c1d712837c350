import numpy as np
import pytest

from engine.spreading.replay import Known, Outcome, replay, share_clusters
from tests.engine.spreading.planted import LABELS, plant


def known(rows: int, noise: float = 0.3, wrong: int = 0) -> Known:
    """Planted answers, of which a detector predicts every `wrong`-th as the next label."""
    vectors, labels = plant(rows, noise)
    predicted = [
        LABELS[(LABELS.index(label) + 1) % len(LABELS)] if wrong and row % wrong == 0 else label
        for row, label in enumerate(labels)
    ]
    return Known(vectors, tuple(predicted), labels)


def find(outcomes: list[Outcome], spread: str, order: str) -> list[Outcome]:
    return [item for item in outcomes if (item.spread, item.order) == (spread, order)]


def test_every_way_is_replayed_for_every_number_of_keys() -> None:
    outcomes = list(replay(known(120), (12, 24), seed=0))

    ways = {(item.spread, item.order) for item in outcomes}
    assert ways == {
        ("cluster", "clusters"),
        ("learned", "clusters"),
        ("learned", "useful-clusters"),
        ("learned", "useful-answers"),
    }
    for way in ways:
        assert [item.keys for item in find(outcomes, *way)] == [12, 24]
    assert all(item.decided == item.keys for item in outcomes)


def test_labels_are_learned_where_clusters_follow_topics_instead() -> None:
    """Seven topics are further apart than the labels, so k-means finds the topics."""
    rows = known(294, noise=0.1, wrong=2)
    rows.vectors[np.arange(294), len(LABELS) + np.arange(294) % 7] += 1.5
    outcomes = list(replay(rows, (21,), seed=0))

    (papers,) = find(outcomes, "cluster", "clusters")
    (useful,) = find(outcomes, "learned", "useful-answers")
    assert papers.right < 0.75
    assert useful.right > 0.95


def test_a_cluster_for_each_answer_leaves_nothing_wrong() -> None:
    outcomes = list(replay(known(30, noise=0.9, wrong=3), (30,), seed=0))

    assert {item.right for item in outcomes} == {1.0}


def test_clusters_that_are_fewer_than_the_keys_are_decided_each_once() -> None:
    vectors, labels = plant(6, noise=0.1)
    doubled = Known(np.repeat(vectors, 5, axis=0), ("advice",) * 30, tuple(np.repeat(labels, 5)))

    with pytest.warns(match="distinct clusters"):
        outcomes = list(replay(doubled, (10,), seed=0))

    assert [item.decided for item in find(outcomes, "cluster", "clusters")] == [6]
    assert [item.right for item in outcomes] == [1.0] * 4


def test_the_same_seed_gives_the_same_outcomes() -> None:
    rows = known(90, noise=0.6)

    assert list(replay(rows, (9, 18), seed=3)) == list(replay(rows, (9, 18), seed=3))


@pytest.mark.parametrize(
    ("sizes", "count", "shares"),
    [
        ([100, 100, 100], 60, [20, 20, 20]),
        ([100, 100, 100], 61, [21, 20, 20]),
        ([3, 100, 100], 60, [3, 29, 28]),
        ([3, 4], 60, [3, 4]),
        ([5, 5, 5], 2, [1, 1, 1]),
    ],
)
def test_keys_are_shared_equally_among_predicted_labels(
    sizes: list[int], count: int, shares: list[int]
) -> None:
    assert share_clusters(sizes, count) == shares
