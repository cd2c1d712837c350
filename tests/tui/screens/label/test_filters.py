"""What clusters are ordered by."""

from tests.tui.screens.label.made import cluster
from tui.screens.label.filters import odds


def test_odds_are_the_share_of_seeds_with_another_label() -> None:
    seeds = {"advice": 1, "content": 3}
    assert odds(cluster("c", seed_labels=seeds)) == 0.75
    assert odds(cluster("a", seed_labels={"advice": 5}, predicted_label="content")) == 1.0
    assert odds(cluster("b", seed_labels={"advice": 9})) == 0.0
    assert odds(cluster("d")) == 0.0
