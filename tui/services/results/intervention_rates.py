"""The rate at which guards flag, by period, and which of its changes are more than chance.

A rate is the share of flagged records among those on which a guard gave a verdict. Records on which
it failed, and those on which none spoke, are counted apart.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Final

from engine.statistics.estimate import Estimate
from engine.statistics.measures import LEVEL, wilson
from engine.statistics.significance import adjust_holm
from engine.statistics.two_shares import compare_shares, subtract_shares
from tui.services.periods import Length, end_of
from tui.services.results.inlined import INLINED
from tui.services.results.intervention_counts import Cell, Cells, Counts

SIGNIFICANT: Final = round(1 - LEVEL, 9)


@dataclass(frozen=True, slots=True)
class Rate:
    """The share of flagged records among those with a verdict; None without any."""

    share: Estimate | None
    per_1000: Estimate | None


@dataclass(frozen=True, slots=True)
class Change:
    """The share of a period minus that of what was before, with its interval (Newcombe).

    `p` is two-sided; `adjusted_p` is corrected for all changes of all groups beside each other
    (Holm). The change `is_marked` where that is below 0.05.
    """

    difference: Estimate
    p: float
    adjusted_p: float
    is_marked: bool


@dataclass(frozen=True, slots=True)
class Period:
    """What guards did from `begin` on and before `end`, in local time.

    `since_last` compares it with the period before that has verdicts, `since_all` with all before
    taken together; both are None where there is none, and `since_all` where that is the last alone.
    """

    begin: datetime
    end: datetime
    versions: tuple[str, ...]
    counts: Counts = field(metadata=INLINED)
    rate: Rate = field(metadata=INLINED)
    since_last: Change | None
    since_all: Change | None


@dataclass(frozen=True, slots=True)
class Series:
    """A group, or "all", with the periods that have records of it, in the order of time.

    Its own counts and rate include records without a time. Of a category, `flagged` are those that
    were flagged with it; all other counts are those of all records.
    """

    name: str
    counts: Counts = field(metadata=INLINED)
    rate: Rate = field(metadata=INLINED)
    periods: tuple[Period, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which periods of time are meant."""

    length: Length
    zone: tzinfo | None

    def ends(self, begin: datetime) -> tuple[datetime, datetime]:
        """When the period that begins so begins and ends, in local time."""
        first = begin.replace(tzinfo=UTC)
        last = end_of(first, self.length, self.zone)
        return first.astimezone(self.zone), last.astimezone(self.zone)


@dataclass(frozen=True, slots=True)
class _Test:
    difference: Estimate
    p: float


_Tests = tuple[_Test | None, _Test | None]  # against the period before, and against all before


def rate_all(grouped: Mapping[str, Cells], calendar: Calendar) -> tuple[Series, ...]:
    """The series of groups, most flagged first, their changes corrected together."""
    tests = {name: list(_test_periods(cells)) for name, cells in grouped.items()}
    p_values = [
        test.p for found in tests.values() for pair in found for test in pair if test is not None
    ]
    adjusted = dict(zip(p_values, adjust_holm(p_values), strict=True))  # equal ones stay equal
    series = [
        _series(name, cells, tests[name], adjusted, calendar) for name, cells in grouped.items()
    ]
    return tuple(sorted(series, key=lambda item: (-item.counts.flagged, item.name)))


def _test_periods(cells: Cells) -> Iterator[_Tests]:
    """The tests of each period that has a time, in their order."""
    total, last, several = Counts(), Counts(), False
    for counts in (cell.counts for begin, cell in cells.items() if begin is not None):
        yield _test(counts, last), _test(counts, total) if several else None
        if counts.verdicts:
            several = total.verdicts > 0
            last, total = counts, total + counts


def _test(counts: Counts, before: Counts) -> _Test | None:
    share, other = _share(counts), _share(before)
    if share is None or other is None:
        return None
    p = compare_shares(counts.flagged, counts.verdicts, before.flagged, before.verdicts)
    return _Test(subtract_shares(share, other), p)


def _series(
    name: str,
    cells: Cells,
    tests: list[_Tests],
    adjusted: Mapping[float, float],
    calendar: Calendar,
) -> Series:
    dated = [(begin, cell) for begin, cell in cells.items() if begin is not None]
    whole = sum((cell.counts for cell in cells.values()), Counts())
    periods = [
        _period(calendar.ends(begin), cell, *(_change(test, adjusted) for test in pair))
        for (begin, cell), pair in zip(dated, tests, strict=True)
    ]
    return Series(name, whole, _rate(whole), tuple(periods))


def _period(
    ends: tuple[datetime, datetime], cell: Cell, since_last: Change | None, since_all: Change | None
) -> Period:
    return Period(*ends, cell.versions, cell.counts, _rate(cell.counts), since_last, since_all)


def _change(test: _Test | None, adjusted: Mapping[float, float]) -> Change | None:
    if test is None:
        return None
    corrected = adjusted[test.p]
    return Change(test.difference, test.p, corrected, corrected < SIGNIFICANT)


def _share(counts: Counts) -> Estimate | None:
    return wilson(counts.flagged, counts.verdicts)


def _rate(counts: Counts) -> Rate:
    share = _share(counts)
    per_1000 = share and Estimate(
        1000 * share.value, (1000 * share.low, 1000 * share.high), share.n
    )
    return Rate(share, per_1000)
