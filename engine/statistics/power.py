"""How large a difference has to be for a paired test to find it, as a rule; pure.

scipy is imported where it computes.
"""

from typing import Final

CHANCE: Final = 0.8  # of finding a difference that is there
_LEFT_OUT: Final = 1e-9  # probability of the numbers of rows that are too rare to count


def smallest_difference(
    n: int, discordance: float, level: float, chance: float = CHANCE
) -> float | None:
    """The smallest difference of two accuracies that McNemar's exact test finds with `chance`.

    The test is two-sided at `level`, over `n` rows. `discordance` is the share of rows that just
    one of the two has right; a difference that is larger than that needs as much of it as it is
    large. The power is exact: the rows that differ are binomial, and given these, those that the
    better one has right (Duffy, Asymptotic and exact power for the McNemar test, Biometrics 40,
    1984). None if `n` is too small for any difference to be found.
    """
    from scipy.optimize import brentq

    def missing(difference: float) -> float:
        return mcnemar_power(n, max(discordance, difference), difference, level) - chance

    return float(brentq(missing, 0.0, 1.0, xtol=1e-6)) if missing(1.0) >= 0 else None


def mcnemar_power(n: int, discordance: float, difference: float, level: float) -> float:
    """How probable it is that McNemar's exact test at `level` finds a difference of accuracies.

    `discordance`, the share of the `n` rows that just one has right, is at least the difference.
    """
    import numpy as np
    from scipy.stats import binom

    if not discordance:
        return 0.0
    fewest, most = binom.ppf([_LEFT_OUT, 1 - _LEFT_OUT], n, discordance)
    apart = np.arange(fewest, most + 1)
    tail = binom.ppf(level / 2, apart, 0.5)  # the smallest count that holds as much
    tail -= binom.cdf(tail, apart, 0.5) > level / 2
    share = (1 + difference / discordance) / 2
    found = binom.cdf(tail, apart, share) + binom.sf(apart - tail - 1, apart, share)
    return float(binom.pmf(apart, n, discordance) @ np.where(tail < 0, 0.0, found))


def smallest_normal_difference(error: float, level: float, chance: float = CHANCE) -> float:
    """The smallest difference that a two-sided normal test finds with `chance`.

    `error` is the standard error of the difference. That the test may find it with the wrong sign,
    which is rarer than one in 1,000, is left out.
    """
    from scipy.stats import norm

    return float(error * (norm.ppf(1 - level / 2) + norm.ppf(chance)))
