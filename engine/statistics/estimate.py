"""The one form in which a figure is given: its value, its 95 % interval, and its n."""

from dataclasses import dataclass
from math import nan


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure over `n` rows: a share from 0 to 1, a difference of two shares, or a mean.

    `interval` is (low, high) at 95 %, unless the function that made it names another level. It is
    None if so few rows have none.
    """

    value: float
    interval: tuple[float, float] | None
    n: int

    @property
    def low(self) -> float:
        """The lower end of the interval; NaN without one."""
        return self.interval[0] if self.interval else nan

    @property
    def high(self) -> float:
        """The upper end of the interval; NaN without one."""
        return self.interval[1] if self.interval else nan
