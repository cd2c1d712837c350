import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics.pairwise import rbf_kernel

from engine.statistics.discrepancy import ROUNDS, Z, measure_discrepancy

seeds = st.integers(min_value=0, max_value=2**32 - 1)


def draw(seed: int, pairs: int = 12, shift: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    first = random.normal(size=(pairs, 4))
    return first, 0.5 * first + random.normal(size=(pairs, 4)) + shift


def plain_mmd2(first: np.ndarray, second: np.ndarray, bandwidth: float) -> float:
    """Equation 4, term by term."""

    def kernel(one: np.ndarray, other: np.ndarray) -> float:
        return float(np.exp(-((one - other) ** 2).sum() / (2 * bandwidth**2)))

    pairs = len(first)
    total = sum(
        kernel(first[i], first[j]) + kernel(second[i], second[j])
        - kernel(first[i], second[j]) - kernel(first[j], second[i])
        for i in range(pairs) for j in range(pairs) if i != j
    )  # fmt: skip
    return total / (pairs * (pairs - 1))


@settings(max_examples=20, deadline=None)
@given(seeds)
def test_it_is_the_sum_over_all_pairs_of_pairs(seed: int) -> None:
    first, second = draw(seed)
    found = measure_discrepancy(first, second, seed=0)
    pooled = np.concatenate([first, second])
    distances = [
        np.linalg.norm(pooled[i] - pooled[j]) for i in range(len(pooled)) for j in range(i)
    ]
    assert found.bandwidth == pytest.approx(np.median(distances), rel=1e-4)
    assert found.mmd2.value == pytest.approx(plain_mmd2(first, second, found.bandwidth), abs=1e-5)


@settings(max_examples=10, deadline=None)
@given(seeds)
def test_the_interval_is_the_jackknifes(seed: int) -> None:
    first, second = draw(seed, shift=1.0)
    found = measure_discrepancy(first, second, seed=0)
    pairs = len(first)
    without = np.array(
        [
            plain_mmd2(np.delete(first, i, 0), np.delete(second, i, 0), found.bandwidth)
            for i in range(pairs)
        ]
    )
    error = np.sqrt((pairs - 1) / pairs * ((without - without.mean()) ** 2).sum())
    assert found.mmd2.low == pytest.approx(found.mmd2.value - Z * error, abs=1e-4)
    assert found.mmd2.high == pytest.approx(found.mmd2.value + Z * error, abs=1e-4)


def test_the_p_is_that_of_rows_that_are_swapped_within_pairs() -> None:
    first, second = draw(3, pairs=8, shift=0.5)
    found = measure_discrepancy(first, second, seed=5)
    random = np.random.default_rng(8)
    beyond, rounds = 0, 4000
    gamma = 1 / (2 * found.bandwidth**2)
    for _ in range(rounds):
        swapped = random.random(8) < 0.5
        one = np.where(swapped[:, None], second, first)
        other = np.where(swapped[:, None], first, second)
        terms = rbf_kernel(one, gamma=gamma) + rbf_kernel(other, gamma=gamma)
        cross = rbf_kernel(one, other, gamma=gamma)
        np.fill_diagonal(terms, 0)
        np.fill_diagonal(cross, 0)
        beyond += (terms.sum() - 2 * cross.sum()) / 56 >= found.mmd2.value - 1e-6
    assert found.p == pytest.approx(beyond / rounds, abs=4 * 0.5 / np.sqrt(ROUNDS))


def test_sets_that_are_far_apart_have_the_smallest_p_and_equal_ones_none_of_it() -> None:
    first, second = draw(1, pairs=40, shift=5.0)
    assert measure_discrepancy(first, second, seed=0).p == 1 / (ROUNDS + 1)
    same = measure_discrepancy(first, first, seed=0)
    assert (same.mmd2.value, same.p) == (0.0, 1.0)
    assert measure_discrepancy(np.ones((5, 2)), np.ones((5, 2)), seed=0).bandwidth == 1.0


def test_it_is_zero_on_average_for_sets_that_are_alike_and_seldom_significant() -> None:
    found = [measure_discrepancy(*alike(seed), seed=seed) for seed in range(60)]
    values = np.array([item.mmd2.value for item in found])
    assert abs(values.mean()) < 3 * values.std() / np.sqrt(len(values))
    assert (values < 0).any()
    assert sum(item.p <= 0.05 for item in found) <= 9  # 3 are expected; P(more than 9) < 0.001


def alike(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Two sets of one distribution whose rows depend on each other within pairs."""
    random = np.random.default_rng(seed)
    shared = random.normal(size=(20, 3))
    return tuple(shared + random.normal(size=(20, 3)) for _ in range(2))  # type: ignore[return-value]


def test_the_same_seed_gives_the_same_p() -> None:
    first, second = draw(2)
    assert measure_discrepancy(first, second, 7) == measure_discrepancy(first, second, 7)
