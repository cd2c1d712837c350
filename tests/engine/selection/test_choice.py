from itertools import combinations

import numpy as np
import pytest

from engine.selection.choice import Pool, choose, choose_farthest, mix, take_largest
from engine.selection.strategy import STRATEGIES
from engine.spreading.model import scale_rows

ROWS = 60
RNG = np.random.default_rng(3)
POSITIVE = RNG.random(ROWS).astype(np.float32)
VECTORS = RNG.normal(size=(ROWS, 8)).astype(np.float32)
PROBABILITIES = np.stack([POSITIVE, 1 - POSITIVE], axis=1)
POOL = Pool(
    rows=ROWS,
    probabilities=PROBABILITIES,
    committee=np.stack([PROBABILITIES, PROBABILITIES[::-1]]),
    vectors=VECTORS,
    labelled=VECTORS[:2],
)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_every_strategy_chooses_different_rows_and_the_same_ones_again(strategy: str) -> None:
    (name,) = [item for item in STRATEGIES if item == strategy]
    chosen = choose(name, POOL, 20, seed=1)

    assert len(set(chosen.tolist())) == 20
    assert chosen.tolist() == choose(name, POOL, 20, seed=1).tolist()
    assert sorted(choose(name, POOL, 1000, seed=1)) == list(range(ROWS))


def test_what_a_strategy_needs_is_named() -> None:
    with pytest.raises(ValueError, match="mixed needs probabilities"):
        choose("mixed", Pool(ROWS, vectors=VECTORS), 5, seed=0)


def test_margin_takes_the_most_doubtful_first() -> None:
    chosen = choose("margin", POOL, 10, seed=0)

    apart = np.abs(POSITIVE - 0.5)
    assert chosen.tolist() == np.argsort(apart)[:10].tolist()


def test_of_equal_rows_those_that_come_first_have_no_advantage() -> None:
    same = np.ones(1000, np.float32)

    chosen = [take_largest(same, 50, np.random.default_rng(seed)).mean() for seed in range(50)]

    assert 450 < np.mean(chosen) < 550


def test_each_row_that_is_taken_is_the_farthest_from_all_before() -> None:
    chosen = choose_farthest(VECTORS, VECTORS[:2], 12)

    rows = scale_rows(VECTORS)
    known = [0, 1]
    for place in chosen:
        nearest = ((rows[:, None] - rows[known][None]) ** 2).sum(axis=2).min(axis=1)
        assert nearest[place] == pytest.approx(nearest.max(), abs=1e-5)
        known.append(int(place))


def test_the_greedy_centres_are_at_most_twice_as_far_as_the_best() -> None:
    """The bound of the greedy algorithm (Gonzalez, 1985), against all choices of three."""
    rows = scale_rows(VECTORS[:14])
    distances = np.linalg.norm(rows[:, None] - rows[None], axis=2)
    best = min(
        distances[:, [0, *others]].min(axis=1).max() for others in combinations(range(1, 14), 3)
    )

    chosen = choose_farthest(rows, rows[:1], 3)

    assert distances[:, [0, *chosen]].min(axis=1).max() <= 2 * best + 1e-6


def test_without_a_labelled_row_the_middle_comes_first_and_copies_come_last() -> None:
    rows = np.repeat(np.eye(3, dtype=np.float32), 4, axis=0)
    rows[0] = 1.0

    chosen = choose_farthest(rows, rows[:0], 12)

    assert chosen[0] == 0
    assert len({tuple(rows[place]) for place in chosen[:4]}) == 4
    assert sorted(chosen) == list(range(12))


def test_rows_that_are_drawn_lie_evenly_among_the_others() -> None:
    places, is_drawn = mix(np.arange(80), np.arange(80, 100))

    assert sorted(places) == list(range(100))
    assert set(np.flatnonzero(is_drawn) % 5) == {2}
    assert places[is_drawn].tolist() == list(range(80, 100))
    assert mix(np.arange(3), np.arange(0))[0].tolist() == [0, 1, 2]
    assert mix(np.arange(0), np.arange(3))[1].all()


def test_a_mixed_choice_has_a_random_share_and_keeps_doubtful_copies_apart() -> None:
    positive = np.full(400, 0.02, np.float32)
    positive[:40] = 0.5
    vectors = RNG.normal(size=(400, 8)).astype(np.float32)
    vectors[:30] = vectors[0]
    pool = Pool(400, np.stack([positive, 1 - positive], axis=1), None, vectors)

    chosen = choose("mixed", pool, 10, seed=0)

    assert len([place for place in chosen if place < 40]) >= 8
    assert len([place for place in chosen if place < 30]) <= 3
