"""Two shares against statsmodels and scipy, and a case worked by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import fisher_exact
from statsmodels.stats.proportion import confint_proportions_2indep, proportions_ztest

from engine.statistics.estimate import Estimate
from engine.statistics.measures import wilson
from engine.statistics.two_shares import LEAST_EXPECTED, compare_shares, subtract_shares

rows = st.tuples(st.integers(0, 400), st.integers(1, 400)).map(lambda pair: (min(pair), pair[1]))


def share(hits: int, n: int) -> Estimate:
    found = wilson(hits, n)
    assert found is not None
    return found


@given(rows, rows)
def test_the_interval_of_the_difference_is_that_of_statsmodels(
    first: tuple[int, int], other: tuple[int, int]
) -> None:
    found = subtract_shares(share(*first), share(*other))
    expected = confint_proportions_2indep(*first, *other, method="newcomb", compare="diff")
    assert found.value == pytest.approx(first[0] / first[1] - other[0] / other[1])
    assert found.interval == pytest.approx(expected, abs=1e-9)
    assert found.n == first[1] + other[1]


@given(rows, rows)
def test_p_is_that_of_the_z_test_or_of_fishers_where_few_rows_are_expected(
    first: tuple[int, int], other: tuple[int, int]
) -> None:
    (hits, n), (other_hits, other_n) = first, other
    pooled = (hits + other_hits) / (n + other_n)
    found = compare_shares(hits, n, other_hits, other_n)
    if min(n, other_n) * min(pooled, 1 - pooled) < LEAST_EXPECTED:
        expected = fisher_exact([[hits, n - hits], [other_hits, other_n - other_hits]]).pvalue
    else:
        _, expected = proportions_ztest([hits, other_hits], [n, other_n])
    assert found == pytest.approx(expected, rel=1e-6, abs=1e-12)


def test_a_case_worked_by_hand() -> None:
    # pooled 0.3; its error sqrt(0.3 * 0.7 * 2 / 100) = 0.0648; z = 0.2 / 0.0648 = 3.086
    assert compare_shares(40, 100, 20, 100) == pytest.approx(0.00203, abs=1e-5)


def test_shares_that_are_the_same_do_not_differ() -> None:
    assert compare_shares(0, 50, 0, 10_000) == 1.0
    assert compare_shares(30, 100, 300, 1000) == pytest.approx(1.0)
