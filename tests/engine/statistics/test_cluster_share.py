import numpy as np
import pytest

from engine.statistics.cluster_share import ReadCluster, measure_share
from engine.statistics.measures import wilson

DRAWS = 1_000


def test_without_a_cluster_there_is_no_share() -> None:
    assert measure_share([]) is None


def test_clusters_of_one_row_give_the_plain_share_with_wilsons_interval() -> None:
    found = measure_share([ReadCluster(1, is_hit=place < 7) for place in range(10)])
    assert found is not None
    plain = wilson(7, 10)
    assert plain is not None
    assert found.share.value == pytest.approx(plain.value)
    assert found.share.interval == pytest.approx(plain.interval)
    assert found.effective_n == pytest.approx(10)


def test_a_representative_stands_for_its_cluster() -> None:
    found = measure_share([ReadCluster(90, is_hit=False), ReadCluster(10, is_hit=True)])
    assert found is not None
    assert found.share.value == pytest.approx(0.1)
    assert found.effective_n == pytest.approx(100**2 / (90**2 + 10**2))  # by hand: 1.2
    assert (found.audited, found.audited_clusters) == (0, 0)


def test_audited_members_stand_for_all_others_of_their_cluster() -> None:
    cluster = ReadCluster(11, is_hit=True, audited=(True, False))
    found = measure_share([cluster, ReadCluster(9, is_hit=False)])
    assert found is not None
    assert found.share.value == pytest.approx((1 + 10 * 0.5) / 20)
    assert (found.share.n, found.audited, found.audited_clusters) == (4, 2, 1)


@pytest.mark.parametrize(("share", "clusters"), [(0.7, 40), (0.9, 60), (0.5, 30)])
def test_with_uniform_clusters_the_interval_covers_what_they_were_drawn_from(
    share: float, clusters: int
) -> None:
    dice = np.random.default_rng(7)
    covered = 0
    for _ in range(DRAWS):
        sizes = dice.gamma(4, 10, clusters).astype(int) + 1
        hits = dice.random(clusters) < share
        found = measure_share(
            [ReadCluster(int(size), bool(hit)) for size, hit in zip(sizes, hits, strict=True)]
        )
        assert found is not None
        covered += found.share.low <= share <= found.share.high
    assert 0.93 <= covered / DRAWS <= 0.97


def test_with_mixed_clusters_two_audited_members_each_cover_the_share_of_their_rows() -> None:
    dice = np.random.default_rng(11)
    covered = 0
    for _ in range(DRAWS):
        sizes = dice.gamma(4, 10, 40).astype(int) + 3
        inside = dice.beta(3, 1.5, 40)
        rows = [dice.random(size) < part for size, part in zip(sizes, inside, strict=True)]
        clusters = [
            ReadCluster(len(own), bool(own[0]), tuple(map(bool, dice.choice(own[1:], 2, False))))
            for own in rows
        ]
        found = measure_share(clusters)
        assert found is not None
        true = sum(own.sum() for own in rows) / sizes.sum()
        covered += found.share.low <= true <= found.share.high
    assert covered / DRAWS >= 0.93
