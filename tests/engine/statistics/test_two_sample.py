"""The classifier two-sample test beside scikit-learn, and on sets whose answer is known."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from engine.statistics.two_sample import (
    BIN_RATIO,
    MIN_GROUPS,
    Separation,
    link_groups,
    match_lengths,
    score_by_folds,
    shared_length,
    tell_apart,
)


def compare(first: NDArray[Any], second: NDArray[Any], seed: int = 0) -> Separation | None:
    """Compare two sets of which every row is its own group."""
    return tell_apart(first, second, name("a", len(first)), name("b", len(second)), seed)


def name(side: str, count: int) -> list[str]:
    """A group for each row of a set."""
    return [f"{side}{row}" for row in range(count)]


def column(*values: float) -> NDArray[Any]:
    return np.array(values).reshape(-1, 1)


def test_sets_without_overlap_are_told_apart_without_error() -> None:
    found = compare(column(*range(12)), column(*range(20, 35)))
    assert found == Separation(1.0, 1.0, 1.0)


def test_of_sets_from_one_distribution_the_interval_holds_one_half() -> None:
    random = np.random.default_rng(0)
    found = compare(random.normal(size=(200, 4)), random.normal(size=(150, 4)))
    assert found is not None
    assert found.low < 0.5 < found.high
    assert found.high - found.low < 0.2


def test_the_same_seed_gives_the_same_figure() -> None:
    random = np.random.default_rng(1)
    first, second = random.normal(size=(60, 2)), random.normal(0.5, size=(60, 2))
    assert compare(first, second, 3) == compare(first, second, 3) != compare(first, second, 4)


def test_rows_of_a_group_are_never_learned_from_where_one_is_judged() -> None:
    """Groups alone tell the sets apart: a column a group. What was never seen scores alike."""
    groups = np.repeat(np.arange(24), 5)
    is_second = groups >= 12
    scores = score_by_folds(np.eye(24)[groups], is_second, groups, seed=0)
    leaked = score_by_folds(np.eye(24)[groups], is_second, np.arange(120), seed=0)
    assert roc_auc_score(is_second, leaked) == 1
    assert roc_auc_score(is_second, scores) < 0.8


def test_the_interval_counts_groups_not_rows() -> None:
    random = np.random.default_rng(3)
    first, second = random.normal(size=(30, 2)), random.normal(0.7, size=(30, 2))
    a, b = name("a", 30), name("b", 30)
    once = tell_apart(first, second, a, b, seed=0)
    many = tell_apart(np.tile(first, (20, 1)), np.tile(second, (20, 1)), a * 20, b * 20, seed=0)
    assert once is not None
    assert many is not None
    assert many.high - many.low > 0.7 * (once.high - once.low)


def test_too_few_groups_have_no_figure() -> None:
    many, few = column(*range(50)), column(*range(MIN_GROUPS - 1))
    assert compare(many, few) is None
    rows = column(*range(MIN_GROUPS))
    assert compare(many, rows) is not None
    assert tell_apart(many, rows, name("a", 50), ["b"] * MIN_GROUPS, 0) is None


def test_length_alone_tells_long_from_short_but_not_where_lengths_are_matched() -> None:
    random = np.random.default_rng(4)
    short, long = (random.poisson(mean, 300).tolist() for mean in (40, 60))
    whole = compare(*(np.log1p(column(*lengths)) for lengths in (short, long)))
    assert whole is not None
    assert whole.low > 0.9
    longest = shared_length(short, long)
    pairs = match_lengths(short, long, longest, seed=0)
    cut = [np.log1p(np.minimum(np.array(own)[kept], longest)).reshape(-1, 1)
           for own, kept in zip((short, long), pairs, strict=True)]  # fmt: skip
    linked, others = link_groups(name("a", len(cut[0])), name("b", len(cut[1])))
    matched = tell_apart(cut[0], cut[1], linked, others, seed=0)
    assert matched is not None
    assert matched.low < 0.5 < matched.high


def test_pairs_that_are_alike_are_at_one_half_when_they_stay_together() -> None:
    """Of four lengths each set has as many; apart, what is judged is lacking in what is learned."""
    rows = column(*(1, 2, 3, 4) * 8)
    linked, others = link_groups(name("a", 32), name("b", 32))
    together = tell_apart(rows, rows, linked, others, seed=0)
    assert together is not None
    assert together.auc == pytest.approx(0.5, abs=0.05)
    apart = compare(rows, rows)
    assert apart is not None
    assert apart.auc < 0.45


def test_linked_groups_hold_all_that_hangs_together() -> None:
    first, second = link_groups(["s0", "s0", "s1", "s2"], ["p0", "p1", "p1", "p2"])
    assert first == second
    assert first[0] == first[1] == first[2] != first[3]


def test_matched_rows_are_pairs_of_like_length_each_taken_once() -> None:
    first, second = [5, 20, 21, 50, 90, 300], [21, 20, 70, 80, 200, 5, 5]
    places = match_lengths(first, second, 60, seed=0)
    lengths = [np.minimum(np.array(own)[kept], 60)
               for own, kept in zip((first, second), places, strict=True)]  # fmt: skip
    assert [len(kept) for kept in lengths] == [5, 5]
    for one, other in zip(*lengths, strict=True):
        assert max(one, other) <= BIN_RATIO * min(one, other)
    assert all(len(set(kept)) == len(kept) for kept in places)


def test_without_texts_nothing_is_matched() -> None:
    assert shared_length([], [4, 6]) == 5
    assert shared_length([], []) == 1
    assert [len(kept) for kept in match_lengths([], [3], 3, seed=0)] == [0, 0]
