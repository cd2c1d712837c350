import numpy as np
import pytest
from scipy.stats import binomtest

from engine.clustering.coverage import SEEDS_EACH, measure_coverage


def around(middles: np.ndarray, each: int, seed: int = 0) -> np.ndarray:
    random = np.random.default_rng(seed)
    rows = np.repeat(middles, each, axis=0) + random.normal(size=(len(middles) * each, 2)) / 50
    return rows.astype(np.float32)


def test_answers_that_all_say_the_same_leave_all_clusters_but_one_empty() -> None:
    middles = np.array([[0, 0], [9, 0], [0, 9], [9, 9]])
    seeds = around(middles, 2 * SEEDS_EACH)
    found = measure_coverage(seeds, np.zeros_like(seeds), seed=0)
    assert found is not None
    assert found.clusters == 4
    assert found.seeds.value == 0.0
    assert found.answers.value == 0.75
    expected = binomtest(3, 4).proportion_ci(method="wilson")
    assert found.answers.interval == pytest.approx((expected.low, expected.high))


def test_answers_near_to_their_seeds_reach_every_cluster() -> None:
    seeds = around(np.array([[0, 0], [9, 0], [0, 9]]), 20)
    found = measure_coverage(seeds, seeds + np.float32(0.01), seed=1)
    assert found is not None
    assert found.answers == found.seeds
    assert found == measure_coverage(seeds, seeds + np.float32(0.01), seed=1)


def test_too_few_seeds_have_no_clusters() -> None:
    few = np.zeros((4 * SEEDS_EACH - 1, 2), np.float32)
    assert measure_coverage(few, few, seed=0) is None


def test_equal_seeds_are_one_cluster() -> None:
    same = np.ones((4 * SEEDS_EACH, 2), np.float32)
    with pytest.warns(Warning, match="distinct clusters"):
        found = measure_coverage(same, same, seed=0)
    assert found is not None
    assert (found.clusters, found.answers.value) == (1, 0.0)
