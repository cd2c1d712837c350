"""Strata of scored rows."""

import pytest

from engine.statistics.strata import allocate, cut_scores


def test_few_rows_with_high_scores_get_strata_of_their_own() -> None:
    # Square roots 100, 10, 5, 5: half of 120 is reached in the first cell, three quarters too.
    assert cut_scores([10_000, 100, 25, 25], 2) == [0, 3]
    assert cut_scores([100, 100, 100, 100], 4) == [0, 1, 2, 3]
    assert cut_scores([100, 100, 100, 100], 2) == [1, 3]


def test_no_stratum_is_empty() -> None:
    assert cut_scores([0, 0, 49, 0], 5) == [2]
    assert cut_scores([900, 0, 0, 1], 4) == [0, 3]
    assert cut_scores([7], 3) == [0]


def test_half_of_a_sample_goes_by_size_and_half_by_how_likely_misses_are() -> None:
    # By size 90 and 10; by Neyman's rule 900 × 0.1 = 90 to 100 × 0.5 = 50.
    drawn = allocate([900, 100], [(1 - 0.96**0.5) / 2, 0.5], 100)

    assert drawn == [round(50 * 0.9 + 50 * 90 / 140), round(50 * 0.1 + 50 * 50 / 140)]


def test_every_stratum_gets_two_rows_but_none_more_than_it_has() -> None:
    assert allocate([100_000, 50, 1], [0.5, 0.0, 0.0], 40) == [37, 2, 1]
    assert allocate([3, 3], [0.1, 0.2], 100) == [3, 3]
    with pytest.raises(ValueError, match="fewer than 2"):
        allocate([10, 10, 10], [0.1] * 3, 5)


def test_no_row_weighs_more_than_twice_what_it_would_in_a_simple_sample() -> None:
    drawn = allocate([99_000, 1_000], [0.0, 0.9], 200)

    assert drawn[0] >= 0.5 * 200 * 0.99 - 1
