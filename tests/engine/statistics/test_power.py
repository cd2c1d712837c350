"""The power of paired tests, against simulation, statsmodels and the usual approximation."""

import numpy as np
import pytest
from scipy.stats import norm
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.power import normal_power

from engine.statistics.power import (
    CHANCE,
    mcnemar_power,
    smallest_difference,
    smallest_normal_difference,
)


def simulate(n: int, discordance: float, difference: float, level: float) -> float:
    """The share of drawn pairs of detectors whose difference statsmodels' test finds."""
    gained, lost = (discordance + difference) / 2, (discordance - difference) / 2
    random = np.random.default_rng(3)
    tables = random.multinomial(n, [gained, lost, 1 - discordance], size=4000)[:, :2]
    kinds, times = np.unique(tables, axis=0, return_counts=True)
    found = [mcnemar([[0, a], [b, 0]], exact=True).pvalue <= level for a, b in kinds]
    return float(times @ np.array(found) / 4000)


@pytest.mark.parametrize(
    ("n", "discordance", "difference", "level"),
    [(406, 0.15, 0.055, 0.05), (406, 0.15, 0.055, 0.05 / 7), (60, 0.3, 0.2, 0.05),
     (2000, 0.05, 0.01, 0.05), (30, 0.2, 0.0, 0.05)],
)  # fmt: skip
def test_the_power_is_the_share_of_simulated_tests_that_find_the_difference(
    n: int, discordance: float, difference: float, level: float
) -> None:
    power = mcnemar_power(n, discordance, difference, level)
    error = (power * (1 - power) / 4000) ** 0.5
    assert simulate(n, discordance, difference, level) == pytest.approx(power, abs=4 * error + 1e-9)


@pytest.mark.parametrize(("n", "discordance"), [(406, 0.15), (150, 0.4), (5000, 0.08)])
def test_the_smallest_difference_is_found_in_8_of_10_simulated_tests(
    n: int, discordance: float
) -> None:
    found = smallest_difference(n, discordance, 0.05)
    assert found is not None
    assert mcnemar_power(n, discordance, found, 0.05) == pytest.approx(CHANCE, abs=0.001)
    assert simulate(n, discordance, found, 0.05) == pytest.approx(CHANCE, abs=0.03)


def test_on_many_rows_it_agrees_with_the_approximation_by_connor() -> None:
    n, discordance = 20_000, 0.2
    found = smallest_difference(n, discordance, 0.05)
    assert found is not None
    # Connor, Sample size for testing differences in proportions, Biometrics 43, 1987
    needed = (
        norm.ppf(0.975) * discordance**0.5 + norm.ppf(CHANCE) * (discordance - found**2) ** 0.5
    ) ** 2 / found**2
    assert needed == pytest.approx(n, rel=0.03)


def test_more_rows_and_fewer_tests_find_smaller_differences() -> None:
    found = [smallest_difference(n, 0.15, 0.05 / tests)
             for n, tests in ((4000, 1), (406, 1), (406, 7), (406, 28), (100, 28))]  # fmt: skip
    known = [item for item in found if item is not None]
    assert len(known) == len(found)
    assert known == sorted(known)
    assert known[1] == pytest.approx(0.055, abs=0.001)


def test_two_that_are_always_alike_need_as_many_rows_that_differ_as_the_test_does() -> None:
    found = smallest_difference(300, 0.0, 0.05)
    assert found is not None
    # one-sided discordance is found from 6 rows on: 2 / 2**6 is below 0.05, 2 / 2**5 is not
    from scipy.stats import binom

    assert binom.sf(5, 300, found) == pytest.approx(CHANCE, abs=0.001)


def test_five_rows_find_nothing_at_all() -> None:
    assert smallest_difference(5, 0.5, 0.05) is None
    assert mcnemar_power(5, 0.0, 0.0, 0.05) == 0


def test_the_normal_power_agrees_with_statsmodels() -> None:
    found = smallest_normal_difference(0.02, 0.05 / 3)
    assert normal_power(found / 0.02, 1, 0.05 / 3) == pytest.approx(CHANCE, abs=1e-4)
